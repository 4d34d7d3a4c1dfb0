import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MOST_MEMBERS, type Cache } from '../cache.ts';

/** What every cache does, whatever stands behind it. */
export function cacheContract(name: string, open: () => Promise<Cache>): void {
  describe(`cache: ${name}`, () => {
    let cache: Cache;
    let prefix: string;

    beforeEach(async () => {
      cache = await open();
      prefix = `contract:${Math.random().toString(36).slice(2)}:`;
    });
    afterEach(() => cache.close());

    test('1 a value that was set is read, until it is deleted', async () => {
      await cache.set(`${prefix}a`, 'värde', 60_000);
      expect(await cache.get(`${prefix}a`)).toBe('värde');
      await cache.delete(`${prefix}a`);
      expect(await cache.get(`${prefix}a`)).toBeUndefined();
      expect(await cache.get(`${prefix}never`)).toBeUndefined();
    });

    test('2 a value is gone when its time is over', async () => {
      await cache.set(`${prefix}short`, 'x', 500);
      expect(await cache.get(`${prefix}short`)).toBe('x');
      await expect.poll(() => cache.get(`${prefix}short`), { timeout: 4_000 }).toBeUndefined();
    });

    test('3 remember computes once for 50 callers at once and then reads', async () => {
      let computed = 0;
      const compute = async (): Promise<string> => {
        computed += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return 'once';
      };
      const answers = await Promise.all(Array.from({ length: 50 }, () => cache.remember(`${prefix}r`, 60_000, compute)));
      expect(new Set(answers)).toEqual(new Set(['once']));
      expect(await cache.remember(`${prefix}r`, 60_000, compute)).toBe('once');
      expect(computed).toBe(1);
    });

    test('4 a computation that fails rejects for its callers and is not remembered', async () => {
      await expect(cache.remember(`${prefix}f`, 60_000, () => Promise.reject(new Error('no milk')))).rejects.toThrow('no milk');
      expect(await cache.remember(`${prefix}f`, 60_000, () => Promise.resolve('milk'))).toBe('milk');
    });

    test('5 scores rise and the highest come first', async () => {
      expect(await cache.topScores(`${prefix}s`, 3)).toBeUndefined();
      await cache.raiseScores(`${prefix}s`, new Map([['latte', 2], ['mocha', 5], ['flat white', 1], ['cortado', 3]]), 60_000);
      await cache.raiseScores(`${prefix}s`, new Map([['latte', 6], ['americano', 3]]), 60_000);
      expect(await cache.topScores(`${prefix}s`, 4)).toEqual([
        { member: 'latte', score: 6 },
        { member: 'mocha', score: 5 },
        { member: 'cortado', score: 3 },
        { member: 'americano', score: 3 },
      ]);
    });

    test('6 the same scores again, late or out of order change nothing', async () => {
      const newer = new Map([['latte', 9], ['mocha', 8]]);
      await cache.raiseScores(`${prefix}s`, newer, 60_000);
      await Promise.all([newer, new Map([['latte', 1]]), new Map([['mocha', 8]]), new Map<string, number>()].map((scores) => cache.raiseScores(`${prefix}s`, scores, 60_000)));
      expect(await cache.topScores(`${prefix}s`, 10)).toEqual([{ member: 'latte', score: 9 }, { member: 'mocha', score: 8 }]);
      expect(await cache.topScores(`${prefix}s`, 1)).toEqual([{ member: 'latte', score: 9 }]);
    });

    test('7 a sorted set is gone when its time is over, however often it was raised', async () => {
      const raise = (ttlMs: number): Promise<void> => cache.raiseScores(`${prefix}s`, new Map([['latte', 1]]), ttlMs);
      await raise(500);
      await raise(60_000);
      await expect.poll(() => cache.topScores(`${prefix}s`, 1), { timeout: 5_000 }).toBeUndefined();
    });

    test('8 what is to be kept for no time is not kept', async () => {
      await cache.set(`${prefix}a`, 'old', 60_000);
      await cache.set(`${prefix}a`, 'new', 0);
      await cache.remember(`${prefix}b`, 0, () => Promise.resolve('x'));
      await cache.raiseScores(`${prefix}s`, new Map([['latte', 1]]), 0);
      expect(await Promise.all([cache.get(`${prefix}a`), cache.get(`${prefix}b`), cache.topScores(`${prefix}s`, 1)])).toEqual([undefined, undefined, undefined]);
    });

    test('9 a sorted set keeps the highest of too many members', async () => {
      const scores = new Map(Array.from({ length: MOST_MEMBERS + 10 }, (_, n) => [`member ${n}`, n]));
      await cache.raiseScores(`${prefix}s`, scores, 60_000);
      const kept = await cache.topScores(`${prefix}s`, MOST_MEMBERS + 10);
      expect([kept?.length, kept?.[0], kept?.at(-1)]).toEqual([MOST_MEMBERS, { member: `member ${MOST_MEMBERS + 9}`, score: MOST_MEMBERS + 9 }, { member: 'member 10', score: 10 }]);
    });

    test('10 close is idempotent', async () => {
      await cache.close();
      await cache.close();
    });
  });
}
