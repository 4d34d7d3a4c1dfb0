import type { Registry } from 'prom-client';
import { counterOf } from '../telemetry/counter-of.ts';
import type { Cache } from './cache.ts';

/** Wraps a cache so that its hits and misses are counted. */
export function countHits(cache: Cache, metrics: Registry): Cache {
  const reads = counterOf(metrics, { name: 'doubleshot_cache_reads_total', help: 'Cache reads, by result.', labelNames: ['result'] });
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
