import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTurns } from './turns.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test('one begins when the one before it is over, however that ended', async () => {
  const alone = createTurns();
  const seen: string[] = [];
  const first = Promise.withResolvers<string>();
  const one = alone(() => first.promise);
  const other = alone(() => {
    seen.push('other');
    return Promise.resolve('milk');
  });
  await vi.advanceTimersByTimeAsync(100);
  expect(seen).toEqual([]);
  first.reject(new Error('boiled over'));
  await expect(one).rejects.toThrow('boiled over');
  await expect(other).resolves.toBe('milk');
  expect(vi.getTimerCount()).toBe(0);
});

test('one that lasts longer than ten seconds keeps the next no longer, and ends as it ends', async () => {
  const alone = createTurns();
  const slow = Promise.withResolvers<string>();
  const one = alone(() => slow.promise);
  let other = '';
  void alone(() => Promise.resolve((other = 'begun')));
  await vi.advanceTimersByTimeAsync(9_900);
  expect(other).toBe('');
  await vi.advanceTimersByTimeAsync(200);
  expect(other).toBe('begun');
  slow.resolve('at last');
  await expect(one).resolves.toBe('at last');
});
