import { expect, test } from 'vitest';
import type { Attempt, Journey } from '../../journeys/journey.ts';
import { radiusOf } from './radius-of.ts';

const MOMENTS = { brokenAt: 3_000, mendedAt: 7_000, endedAt: 10_000 };

/** One each tenth of a second; wrong from one moment to another. */
function tries(journey: Journey, wrong?: { from: number; to: number }): Attempt[] {
  return Array.from({ length: 100 }, (_, index) => {
    const startedAt = index * 100;
    const ok = wrong === undefined || startedAt < wrong.from || startedAt >= wrong.to;
    return { journey, startedAt, endedAt: startedAt + 5, ok, answer: ok ? '200' : 'unavailable' };
  });
}

test('when a part is broken, then each journey is told apart, and recovery ends with the last wrong answer of any', () => {
  const attempts = [...tries('menu'), ...tries('log in', { from: 3_000, to: 7_800 }), ...tries('order', { from: 3_000, to: 4_000 })];
  expect(radiusOf(attempts, MOMENTS)).toEqual({ journeys: { menu: 'works', 'log in': 'fails', order: 'degrades', look: 'works', told: 'works' }, recoveryMs: 705 });
});

test('when answers are wrong until shortly before the end, then it has not recovered in time', () => {
  expect(radiusOf(tries('log in', { from: 3_000, to: 9_500 }), MOMENTS).recoveryMs).toBeNull();
});

test('when all was well as soon as the mending began, then it recovers at once', () => {
  expect(radiusOf(tries('log in', { from: 3_000, to: 7_000 }), MOMENTS).recoveryMs).toBe(0);
});
