import { z } from 'zod';

/** One measured quantity: every value it had, its median and how far they lie apart. */
export const Figure = z.object({
  n: z.int().min(0),
  median: z.number(),
  min: z.number(),
  max: z.number(),
  values: z.array(z.number()),
});
export type Figure = z.infer<typeof Figure>;

/** How many times as large one quantity is as another: the best guess, the 95 % interval, and the paired values it rests on. */
export const Ratio = z.object({ low: z.number(), estimate: z.number(), high: z.number(), pairs: z.array(z.number()) });
export type Ratio = z.infer<typeof Ratio>;

/** The shape of many values: at most `value` for so many percent of them. */
export const Distribution = z.object({ n: z.int().min(0), quantiles: z.array(z.object({ percent: z.number(), value: z.number() })) });
export type Distribution = z.infer<typeof Distribution>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

export function figureOf(values: readonly number[]): Figure {
  if (values.length === 0) return { n: 0, median: 0, min: 0, max: 0, values: [] };
  return { n: values.length, median: median(values), min: Math.min(...values), max: Math.max(...values), values: [...values] };
}

/** How far values lie from their median at most, as a share of it, 0.05 for ±5 %; null for fewer than two. */
export function relativeSpread({ n, median: middle, min, max }: Figure): number | null {
  return n < 2 ? null : Math.max(max - middle, middle - min) / middle;
}

/** The smallest value that at least `share` of the values do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Below this many values the slowest 1 % are less than one. */
export const FEWEST_FOR_P99 = 100;

/** The 99th percentile, or null where there are too few values for one. */
export function p99(values: readonly number[]): number | null {
  return values.length < FEWEST_FOR_P99 ? null : percentile(values, 0.99);
}
