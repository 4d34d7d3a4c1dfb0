import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { cacheContract } from './contract/cache-contract.ts';
import { createCache } from './create-cache.ts';
import { createMemoryCache } from './memory-cache.ts';

const logger = pino({ level: 'silent' });

cacheContract('memory:', () => createCache('memory:', { logger, metrics: new Registry() }));

test('hits and misses are counted, also when two caches share a registry', async () => {
  const metrics = new Registry();
  const [one, other] = await Promise.all([createCache('memory:', { logger, metrics }), createCache('memory:', { logger, metrics })]);
  await one.set('a', '1', 1_000);
  await one.get('a');
  await other.get('a');
  expect(await metrics.metrics()).toMatch(/doubleshot_cache_reads_total{result="hit"} 1\n.*result="miss"} 1/);
});

test('an unknown scheme is refused by name', async () => {
  await expect(createCache('memcached://x', { logger, metrics: new Registry() })).rejects.toThrow('memcached:');
});

test('memory stays bounded: the least recently used value leaves first', async () => {
  const cache = createMemoryCache();
  const megabyte = 'x'.repeat(1_024 * 1_024);
  for (let n = 0; n < 40; n++) await cache.set(`big:${n}`, megabyte, 60_000);
  expect(await cache.get('big:0')).toBeUndefined();
  expect(await cache.get('big:39')).toBe(megabyte);
});
