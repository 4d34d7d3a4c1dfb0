import { Counter, type Registry } from 'prom-client';
import type { Cache } from './cache.ts';

const NAME = 'doubleshot_cache_reads_total';

/** Wraps a cache so that its hits and misses are counted. */
export function countHits(cache: Cache, metrics: Registry): Cache {
  const existing = metrics.getSingleMetric(NAME);
  const reads = existing instanceof Counter ? existing : new Counter({ name: NAME, help: 'Cache reads, by result.', labelNames: ['result'], registers: [metrics] });
  const hits = reads.labels('hit');
  const misses = reads.labels('miss');
  // A series that begins at zero shows its first increase.
  for (const each of [hits, misses]) each.inc(0);
  return {
    ...cache,
    get: async (key) => {
      const value = await cache.get(key);
      (value === undefined ? misses : hits).inc();
      return value;
    },
    remember: async (key, ttlMs, compute) => {
      let computed = false;
      const value = await cache.remember(key, ttlMs, () => {
        computed = true;
        return compute();
      });
      (computed ? misses : hits).inc();
      return value;
    },
  };
}
