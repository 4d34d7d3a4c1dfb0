import { figureOf, type Distribution, type Figure, type Ratio } from '../statistics.ts';

/** What four passes vary by. */
const WOBBLE = [0.97, 1.01, 1.04, 0.99] as const;

/** A figure of four values about a middle. */
export function about(middle: number): Figure {
  return figureOf(WOBBLE.map((factor) => middle * factor));
}

export function ratio(estimate: number, spread = 0.06): Ratio {
  return { low: estimate * (1 - spread), estimate, high: estimate * (1 + spread), pairs: WOBBLE.map((factor) => estimate * factor) };
}

const PERCENTS = [1, 5, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9] as const;

/** Latencies with a long tail: `p50` in the middle, `p99` where it belongs. */
export function tailed(p50: number, p99: number): Distribution {
  const slope = Math.log(p99 / p50) / Math.log(50);
  return { n: 4_800, quantiles: PERCENTS.map((percent) => ({ percent, value: p50 * (percent <= 50 ? 0.6 + (0.4 * percent) / 50 : (50 / (100 - percent)) ** slope) })) };
}
