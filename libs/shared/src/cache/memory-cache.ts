import { LRUCache } from 'lru-cache';
import { MOST_MEMBERS, type Cache } from './cache.ts';
import { createSingleFlight } from './single-flight.ts';

const LARGEST_BYTES = 64 * 1_024 * 1_024;
const MOST_SETS = 100;

/** A cache in this process: bounded (64 MiB, least recently used leaves first), shared with nobody. */
export function createMemoryCache(): Cache {
  const values = new LRUCache<string, string>({ maxSize: LARGEST_BYTES, sizeCalculation: (value, key) => 2 * (value.length + key.length) + 1 });
  const sets = new LRUCache<string, Map<string, number>>({ max: MOST_SETS });
  const once = createSingleFlight<string>();

  return {
    get: (key) => Promise.resolve(values.get(key)),
    set: (key, value, ttlMs) => {
      if (ttlMs > 0) values.set(key, value, { ttl: ttlMs });
      else values.delete(key);
      return Promise.resolve();
    },
    delete: (key) => {
      values.delete(key);
      return Promise.resolve();
    },
    remember: async (key, ttlMs, compute) => {
      const cached = values.get(key);
      if (cached !== undefined) return cached;
      return once(key, async () => {
        const value = await compute();
        if (ttlMs > 0) values.set(key, value, { ttl: ttlMs });
        return value;
      });
    },
    raiseScores: (set, scores, ttlMs) => {
      const known = sets.get(set);
      const members = known ?? new Map<string, number>();
      for (const [member, score] of scores) members.set(member, Math.max(members.get(member) ?? score, score));
      dropLowest(members);
      if (known === undefined && members.size > 0 && ttlMs > 0) sets.set(set, members, { ttl: ttlMs });
      return Promise.resolve();
    },
    topScores: (set, limit) => {
      const members = sets.get(set);
      return Promise.resolve(members === undefined ? undefined : ranked(members).slice(0, limit).map(([member, score]) => ({ member, score })));
    },
    ready: () => Promise.resolve(),
    close: () => {
      values.clear();
      sets.clear();
      return Promise.resolve();
    },
  };
}

/** Highest first; equal scores in reverse order of their names, as Redis's `ZREVRANGE` has them. */
function ranked(members: ReadonlyMap<string, number>): [string, number][] {
  return [...members].sort(([one, oneScore], [other, otherScore]) => otherScore - oneScore || (one < other ? 1 : -1));
}

function dropLowest(members: Map<string, number>): void {
  if (members.size <= MOST_MEMBERS) return;
  for (const [member] of ranked(members).slice(MOST_MEMBERS)) members.delete(member);
}
