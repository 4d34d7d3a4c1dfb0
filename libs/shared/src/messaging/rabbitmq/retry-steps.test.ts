import { expect, test } from 'vitest';
import { retryStepOf } from './retry-steps.ts';

const DECLARED = [200, 1_000, 5_000];

test.each([
  [0, 200],
  [100, 200],
  [200, 200],
  [201, 1_000],
  [5_000, 5_000],
])('a task that waits %i ms goes to the shortest declared step that is long enough', (delayMs, stepMs) => {
  expect(retryStepOf(DECLARED, delayMs)).toBe(stepMs);
  expect(retryStepOf(DECLARED.toReversed(), delayMs)).toBe(stepMs);
});

test.each([
  [5_001, 8_000],
  [8_000, 8_000],
  [60_000, 64_000],
])('beyond the declared delays %i ms take a doubling step', (delayMs, stepMs) => {
  expect(retryStepOf(DECLARED, delayMs)).toBe(stepMs);
});

test('without declared delays there are steps all the same', () => {
  expect([1, 300, 600].map((delayMs) => retryStepOf([], delayMs))).toEqual([250, 500, 1_000]);
});

test('nothing waits longer than a day, and there are few steps', () => {
  const steps = new Set(Array.from({ length: 10_000 }, (_, n) => retryStepOf([], n ** 2.5)));
  expect(Math.max(...steps)).toBe(86_400_000);
  expect(steps.size).toBeLessThan(25);
});
