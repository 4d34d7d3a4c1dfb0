import type { Ratio } from '../statistics.ts';

/** 97.5 % points of Student's t by degrees of freedom, from one up; beyond them that of the normal distribution is near enough. */
const STUDENT_T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086];
const NORMAL = 1.96;

const UNKNOWN: Ratio = { low: 0, estimate: 0, high: 0, pairs: [] };

/**
 * How many times as large `of` is as `to`, value by value: both lists are in the order they were measured, so what drifts from pass to pass
 * changes both values of a pair and cancels. The interval is Student's, on the logarithms: ratios err by factors, not by differences.
 * Of a single pair there is no interval; it is as wide as nothing.
 */
export function pairedRatio(of: readonly number[], to: readonly number[]): Ratio {
  const pairs = of.slice(0, to.length).flatMap((value, index) => positive(value / (to[index] ?? 0)));
  if (pairs.length === 0) return UNKNOWN;
  const logs = pairs.map(Math.log);
  return { ...intervalOf(mean(logs), varianceOf(logs) / logs.length, logs.length - 1), pairs };
}

/** The same for values that have nothing to do with each other, as those of two reports (Welch's interval). */
export function unpairedRatio(of: readonly number[], to: readonly number[]): Ratio {
  const [a, b] = [of, to].map((values) => values.flatMap(positive).map(Math.log)) as [number[], number[]];
  if (a.length === 0 || b.length === 0) return UNKNOWN;
  const [va, vb] = [varianceOf(a) / a.length, varianceOf(b) / b.length];
  const freedom = Math.floor((va + vb) ** 2 / (va ** 2 / Math.max(1, a.length - 1) + vb ** 2 / Math.max(1, b.length - 1)) || 1);
  return { ...intervalOf(mean(a) - mean(b), va + vb, freedom), pairs: [] };
}

function intervalOf(center: number, squaredError: number, freedom: number): Omit<Ratio, 'pairs'> {
  const reach = freedom < 1 ? 0 : (STUDENT_T[freedom - 1] ?? NORMAL) * Math.sqrt(squaredError);
  return { low: Math.exp(center - reach), estimate: Math.exp(center), high: Math.exp(center + reach) };
}

function positive(value: number): number[] {
  return Number.isFinite(value) && value > 0 ? [value] : [];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}
