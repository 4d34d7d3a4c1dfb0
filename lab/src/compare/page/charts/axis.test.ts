import { expect, test } from 'vitest';
import { linearAxis, logAxis, percentAxis } from './axis.ts';

test.each([[[3_900, 7_800]], [[0.3]], [[0]], [[99, 100, 101]]])('when values are %j, then a linear axis holds them all, from 0, with round ticks', (values) => {
  const { at, ticks } = linearAxis(values);
  for (const value of values) expect(at(value)).toBeLessThanOrEqual(1);
  expect([ticks[0], at(0)]).toEqual([0, 0]);
  expect(at(ticks.at(-1) ?? 0)).toBeCloseTo(1);
  expect(ticks.length).toBeLessThanOrEqual(7);
});

test.each([[[0.6, 3_000]], [[38, 71]], [[5, 5]], [[1, 10]], [[100, 100]]])('when values are %j, then a logarithmic axis holds them all, evenly by factors', (values) => {
  const { at, ticks } = logAxis(values);
  for (const value of values) expect(at(value)).toSatisfy((place: number) => place >= -1e-9 && place <= 1 + 1e-9);
  expect(ticks.length).toBeGreaterThan(1);
  expect(at(20) - at(10)).toBeCloseTo(at(2) - at(1));
});

test('when percentiles are placed, then the nines lie equally far apart', () => {
  const { at, ticks } = percentAxis();
  expect(at(0)).toBe(0);
  expect(at(99.9)).toBe(1);
  expect(at(99) - at(90)).toBeCloseTo(at(99.9) - at(99));
  expect(ticks).toContain(50);
});
