import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cache } from '../cache.ts';

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

    test('5 scores add up and the highest come first', async () => {
      expect(await cache.topScores(`${prefix}s`, 3)).toBeUndefined();
      await cache.addScores(`${prefix}s`, new Map([['latte', 2], ['mocha', 5], ['flat white', 1]]));
      await cache.addScores(`${prefix}s`, new Map([['latte', 4], ['cortado', 3]]));
      expect(await cache.topScores(`${prefix}s`, 3)).toEqual([
        { member: 'latte', score: 6 },
        { member: 'mocha', score: 5 },
        { member: 'cortado', score: 3 },
      ]);
    });

    test('6 close is idempotent', async () => {
      await cache.close();
      await cache.close();
    });
  });
}
