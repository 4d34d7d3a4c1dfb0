import { expect, test } from 'vitest';
import type { Attempt } from './journey.ts';
import { effectOn, effectsOn } from './timeline.ts';

const MOMENTS = { brokenAt: 1_000, mendedAt: 2_000 };

function attempt(startedAt: number, ok = true, tookMs = 10, answer = ok ? '201' : 'unavailable'): Attempt {
  return { journey: 'order', startedAt, endedAt: startedAt + tookMs, ok, answer };
}

test('when every answer is right and as fast as before, then the journey works', () => {
  expect(effectOn('order', [attempt(0), attempt(1_100), attempt(1_900), attempt(2_100)], MOMENTS)).toMatchObject({ effect: 'works', attempts: 2, errorRate: 0, recoveredAfterMs: 0, errors: {} });
});

test('when some answers are wrong, then it degrades, and recovers with the end of the last', () => {
  const attempts = [attempt(0, false), attempt(1_100), attempt(1_200, false, 30), attempt(2_150, false, 50), attempt(2_300)];
  expect(effectOn('order', attempts, MOMENTS)).toMatchObject({ effect: 'degrades', errorRate: 0.5, recoveredAfterMs: 200, errors: { unavailable: 2 }, slowestErrorMs: 50 });
});

test('a hundred thousand wrong answers can be summed up, too', () => {
  const attempts = Array.from({ length: 200_000 }, (_, index) => attempt(1_000 + index / 400, false));
  expect(effectOn('order', attempts, MOMENTS)).toMatchObject({ effect: 'fails', errors: { unavailable: 200_000 } });
});

test('when nearly all answers are wrong, then it fails', () => {
  expect(effectOn('order', [attempt(0), ...Array.from({ length: 10 }, (_, index) => attempt(1_100 + index, index === 0))], MOMENTS)).toMatchObject({ effect: 'fails', errorRate: 0.9 });
});

test('when answers are right but far slower than before, then it degrades', () => {
  expect(effectOn('order', [attempt(0), attempt(1_100, true, 400)], MOMENTS)).toMatchObject({ effect: 'degrades', errorRate: 0, p99Ms: { before: 10, during: 400 } });
});

test('what was under way when it broke counts as during, what another journey did not at all', () => {
  expect(effectOn('order', [attempt(990, false, 20), { ...attempt(1_100, false), journey: 'menu' }], MOMENTS)).toMatchObject({ attempts: 1, errorRate: 1 });
});

test('when no order is accepted, then nobody is told of one, though all that were accepted before were announced', () => {
  const attempts = [attempt(0), { ...attempt(0), journey: 'told' as const }, ...Array.from({ length: 10 }, (_, index) => attempt(1_100 + index, false))];
  expect(effectsOn(attempts, MOMENTS)).toMatchObject({ order: { effect: 'fails' }, told: { effect: 'fails', attempts: 0 }, menu: { effect: 'works' } });
});
