import { expect, test } from 'vitest';
import { createSeededRandom } from '../../load/seeded-random.ts';
import { pairedRatio, unpairedRatio } from './paired-ratio.ts';

test('when the machine slows down from pass to pass, then the ratio of what was measured side by side does not', () => {
  const drifting = [1, 2, 4, 8];
  const ratio = pairedRatio(drifting.map((value) => value * 1.5), drifting);
  expect(ratio.estimate).toBeCloseTo(1.5);
  expect(ratio.low).toBeCloseTo(1.5);
  expect(ratio.high).toBeCloseTo(1.5);
  expect(ratio.pairs).toHaveLength(4);
});

test('when ratios scatter, then the interval is that of Student on their logarithms', () => {
  const { low, estimate, high } = pairedRatio([1, 2, 1, 2], [1, 1, 1, 1]);
  expect(estimate).toBeCloseTo(Math.SQRT2);
  // Deviation of the logarithms 0.4, by the root of four, times 3.182.
  expect(high / estimate).toBeCloseTo(Math.exp((3.182 * 0.40018) / 2), 2);
  expect(estimate / low).toBeCloseTo(high / estimate);
});

test('when two brews are the same but for chance, then 1 lies in the interval about nineteen times in twenty', () => {
  const random = createSeededRandom(5);
  const noisy = (): number => 100 * (1 + 0.2 * (random.next() + random.next() + random.next() - 1.5));
  const values = (): number[] => Array.from({ length: 6 }, noisy);
  const trials = 2_000;
  const covered = Array.from({ length: trials }, () => pairedRatio(values(), values())).filter(({ low, high }) => low <= 1 && high >= 1).length;
  expect(covered / trials).toBeGreaterThan(0.93);
  expect(covered / trials).toBeLessThan(0.97);
});

test.each([
  [[], []],
  [[1], []],
  [[1, 2], [0, 0]],
])('when %j is divided by %j, then nothing is known', (of, to) => {
  expect(pairedRatio(of, to)).toEqual({ low: 0, estimate: 0, high: 0, pairs: [] });
});

test('when two reports are compared, then their values need not be as many', () => {
  const { low, estimate, high } = unpairedRatio([2, 2.1, 1.9, 2, 2], [1, 1.05, 0.95]);
  expect(estimate).toBeCloseTo(2, 1);
  expect(low).toBeLessThan(2);
  expect(high).toBeGreaterThan(2);
  expect(high / low).toBeLessThan(1.3);
});
