import { METRICS, type Metric } from './metrics.ts';
import type { PathName, TopologyReport, Verdict } from './report-schema.ts';
import { ratioOf, widened } from './statistics.ts';

/** A difference smaller than this is never called one: so much a quiet machine differs from itself between two turns. */
const NOISE_SHARE = 0.1;
/** Fewer values hardly show how far a brew differs from itself from turn to turn. */
const FEWEST_VALUES = 4;
const TOO_FEW = ['no turn', 'one turn', 'two turns', 'three turns'] as const;
const UNKNOWN = { low: 0, median: 0, high: 0 };
/** Below this share of the rate, or above this share of errors, a brew is overloaded and its latency is that of a queue. */
const KEPT_UP_SHARE = 0.9;
const ERROR_SHARE = 0.01;

/** Whether a brew kept up with the rate of a path. */
export function keptUp({ paths }: TopologyReport, path: PathName): boolean {
  const { throughput, ratePerSecond, errors, requests } = paths[path];
  return throughput.median >= ratePerSecond * KEPT_UP_SHARE && errors <= requests * ERROR_SHARE;
}

/** Says for each metric which brew needs less, or that the noise hides it. */
export function judge(first: TopologyReport, second: TopologyReport): Verdict[] {
  return METRICS.map((metric) => judgeMetric(metric, first, second));
}

function judgeMetric(metric: Metric, first: TopologyReport, second: TopologyReport): Verdict {
  const [one, other] = [metric.of(first), metric.of(second)];
  if (one === null || other === null) return { metric: metric.title, ratio: UNKNOWN, sentence: `${metric.title}: too few answers in each turn to tell.` };
  const [a, b] = [widened(one, metric.stepOf?.(first) ?? 0), widened(other, metric.stepOf?.(second) ?? 0)];
  const ratio = ratioOf(b, a);
  const told = { metric: metric.title, ratio };
  const n = Math.min(a.n, b.n);
  const overloaded = [first, second].filter((topology) => metric.needsRateOf !== undefined && !keptUp(topology, metric.needsRateOf)).map(({ name }) => name);
  if (overloaded.length > 0) return { ...told, sentence: `No winner in ${metric.phrase}: ${overloaded.join(' and ')} did not keep up with the rate.` };
  const besides = togetherOf(metric, first, second);
  const range = `${times(ratio.low)} to ${times(ratio.high)}, n = ${n} each`;
  if (n < FEWEST_VALUES) return { ...told, sentence: `No winner in ${metric.phrase}: ${TOO_FEW[n] ?? 'three turns'} each: too few to name a winner (${second.name} ${times(ratio.median)}, ${range})${besides}.` };
  if (ratio.low > 1 + NOISE_SHARE) return { ...told, winner: first.name, sentence: needs(second.name, metric, { ratio: ratio.median, other: first.name, range, besides }) };
  if (ratio.high < 1 - NOISE_SHARE) {
    const inverse = ratioOf(a, b);
    const inverseRange = `${times(inverse.low)} to ${times(inverse.high)}, n = ${n} each`;
    return { ...told, winner: second.name, sentence: needs(first.name, metric, { ratio: inverse.median, other: second.name, range: inverseRange, besides }) };
  }
  return { ...told, sentence: `No winner in ${metric.phrase}: the difference is inside the noise (${second.name} ${range})${besides}.` };
}

/** What the metric leaves out, in the same sentence; always the second brew as a multiple of the first. */
function togetherOf({ together }: Metric, first: TopologyReport, second: TopologyReport): string {
  if (together === undefined) return '';
  return `; ${together.phrase}: ${second.name} ${times(ratioOf(together.of(second), together.of(first)).median)} ${first.name}`;
}

interface Need {
  ratio: number;
  other: string;
  range: string;
  besides: string;
}

function needs(name: string, metric: Metric, { ratio, other, range, besides }: Need): string {
  return `${capitalized(name)} needs ${times(ratio)} the ${metric.phrase} that ${other} does (${range})${besides}.`;
}

function times(ratio: number): string {
  return `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}×`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
