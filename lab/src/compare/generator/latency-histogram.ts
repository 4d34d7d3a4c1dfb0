import { z } from 'zod';
import type { Distribution } from '../statistics.ts';

/** Each bucket is this much wider than the one before: no quantile is off by more. */
const GROWTH = Math.log(1.01);
const PERCENTS = [...Array.from({ length: 99 }, (_, index) => index + 1), 99.5, 99.9];

/** How many latencies fell into each bucket, lowest first: small enough to be sent, and several can be added up. */
export const LatencyBuckets = z.array(z.tuple([z.int(), z.int()]));
export type LatencyBuckets = z.infer<typeof LatencyBuckets>;

export function bucketsOf(latenciesMs: readonly number[]): LatencyBuckets {
  return addUp(latenciesMs.map((ms) => [[Math.round(Math.log(Math.max(ms, 0.001)) / GROWTH), 1]]));
}

export function addUp(all: readonly LatencyBuckets[]): LatencyBuckets {
  const counts = new Map<number, number>();
  for (const buckets of all) for (const [bucket, count] of buckets) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  return [...counts].sort(([a], [b]) => a - b);
}

export function distributionOf(buckets: LatencyBuckets): Distribution {
  const n = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (n === 0) return { n, quantiles: [] };
  return { n, quantiles: PERCENTS.map((percent) => ({ percent, value: quantileOf(buckets, (percent / 100) * n) })) };
}

function quantileOf(buckets: LatencyBuckets, rank: number): number {
  let below = 0;
  const found = buckets.find(([, count]) => (below += count) >= rank);
  return Math.exp((found?.[0] ?? 0) * GROWTH);
}
