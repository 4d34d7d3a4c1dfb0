import { createSilentLogger } from '@doubleshot/shared/logging';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRetentionTimers } from './retention-timers.ts';

const MINUTE_MS = 60_000;

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test('every minute old rows are deleted, however quiet the shop is; a failure is told, and the next minute tries again', async () => {
  const logger = createSilentLogger();
  const warn = vi.spyOn(logger, 'warn');
  let [trims, statements] = [0, 0];
  const inbox = { trim: () => ((trims += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve(0)) };
  const database = { query: () => ((statements += 1) === 2 ? Promise.reject(new Error('away')) : Promise.resolve([])) };
  const timers = createRetentionTimers({ inbox, database, logger });
  for (const timer of timers) timer.start();
  await vi.advanceTimersByTimeAsync(3 * MINUTE_MS);
  expect([trims, statements]).toEqual([3, 3]);
  expect(warn.mock.calls.map(([, message]) => message)).toEqual(['old rows of the inbox could not be deleted', 'old versions of orders could not be deleted']);
  await Promise.all(timers.map((timer) => timer.close()));
});
