import type { Redis } from 'ioredis';
import type { CacheDeps } from './cache-deps.ts';
import { MOST_MEMBERS, type Cache } from './cache.ts';
import { openGuardedRedis } from './guarded-redis.ts';
import { createSingleFlight } from './single-flight.ts';

/**
 * A cache in Redis (7 or newer), shared by processes of one name. Resolves when it is connected or the first attempt has failed; attempts go on for ever.
 * Without Redis callers wait 150 ms at most, and hardly any of them once that is known.
 */
export async function createRedisCache(url: string, deps: CacheDeps): Promise<Cache> {
  const redis = await openGuardedRedis(url, deps);
  const once = createSingleFlight<string>();

  const get = async (key: string): Promise<string | undefined> => (await redis.ask('GET', (client) => client.get(key))) ?? undefined;

  async function set(key: string, value: string, ttlMs: number): Promise<void> {
    await redis.ask<unknown>(ttlMs > 0 ? 'SET' : 'DEL', (client) => (ttlMs > 0 ? client.set(key, value, 'PX', Math.ceil(ttlMs)) : client.del(key)));
  }

  return {
    get,
    set,
    delete: async (key) => { await redis.ask('DEL', (client) => client.del(key)); },
    remember: (key, ttlMs, compute) =>
      once(key, async () => {
        const cached = await get(key);
        if (cached !== undefined) return cached;
        const value = await compute();
        // Nobody waits for it: commands of one connection keep their order.
        void set(key, value, ttlMs);
        return value;
      }),
    raiseScores: async (set, scores, ttlMs) => {
      if (scores.size > 0 && ttlMs > 0) await redis.ask('PIPELINE', (client) => raise(client, { set, scores, ttlMs: Math.ceil(ttlMs) }));
    },
    topScores: async (set, limit) => pairs((await redis.ask('ZREVRANGE', (client) => client.zrevrange(set, 0, limit - 1, 'WITHSCORES'))) ?? []),
    ready: () => redis.ready(),
    close: () => redis.close(),
  };
}

async function raise(client: Redis, { set, scores, ttlMs }: { set: string; scores: ReadonlyMap<string, number>; ttlMs: number }): Promise<void> {
  const entries = [...scores].flatMap(([member, score]) => [score, member]);
  const answers = await client
    .pipeline()
    .zadd(set, 'GT', ...entries)
    .zremrangebyrank(set, 0, -MOST_MEMBERS - 1)
    // NX: not longer than the first raise said.
    .pexpire(set, ttlMs, 'NX')
    .exec();
  for (const [error] of answers ?? []) if (error !== null) throw error;
}

/** From `[member, score, member, score, …]`. A set without members is not there. */
function pairs(flat: readonly string[]): { member: string; score: number }[] | undefined {
  if (flat.length === 0) return undefined;
  return Array.from({ length: flat.length / 2 }, (_, n) => ({ member: flat[2 * n] ?? '', score: Number(flat[2 * n + 1]) }));
}
