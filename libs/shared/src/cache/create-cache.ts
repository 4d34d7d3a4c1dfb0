import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Cache } from './cache.ts';
import { countHits } from './count-hits.ts';

/** Opens the cache a URL names: `memory:`. The adapter is loaded only when it is chosen. Whoever opens it closes it. */
export async function createCache(url: string, { logger, metrics }: { logger: Logger; metrics: Registry }): Promise<Cache> {
  const scheme = url.slice(0, url.indexOf(':') + 1);
  if (scheme !== 'memory:') throw new Error(`CACHE_URL: "${scheme}" is not memory:`);
  const { createMemoryCache } = await import('./memory-cache.ts');
  logger.debug({ scheme }, 'cache opened');
  return countHits(createMemoryCache(), metrics);
}
