import type { Cache } from './cache.ts';
import type { CacheDeps } from './cache-deps.ts';
import { countHits } from './count-hits.ts';

/**
 * Opens the cache a URL names: `memory:`, `redis://…` or `rediss://…` (TLS). The adapter is loaded only when it is chosen. Whoever opens it closes it.
 * The server does not have to be there.
 */
export async function createCache(url: string, deps: CacheDeps): Promise<Cache> {
  const cache = await open(url, deps);
  deps.logger.debug({ scheme: schemeOf(url) }, 'cache opened');
  return countHits(cache, deps.metrics);
}

async function open(url: string, deps: CacheDeps): Promise<Cache> {
  const scheme = schemeOf(url);
  if (scheme === 'memory:') return (await import('./memory-cache.ts')).createMemoryCache();
  if (scheme === 'redis:' || scheme === 'rediss:') return (await import('./redis-cache.ts')).createRedisCache(url, deps);
  throw new Error(`CACHE_URL: "${scheme}" is none of memory:, redis:, rediss:`);
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(':') + 1);
}
