import { expect, test } from 'vitest';
import { figureOf, median, p99, percentile, relativeSpread } from './statistics.ts';

test.each([
  [[], 0],
  [[3], 3],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
])('when the values are %j, then the median is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('when a figure is made, then it keeps n, spread and every value', () => {
  expect(figureOf([3, 1, 2])).toEqual({ n: 3, median: 2, min: 1, max: 3, values: [3, 1, 2] });
});

test.each([
  [[100, 104, 90], 0.1],
  [[100, 110, 98], 0.1],
  [[100, 100, 100], 0],
  [[100], null],
  [[], null],
])('when the values are %j, then the one farthest from their median lies %d of it away', (values, expected) => {
  expect(relativeSpread(figureOf(values))).toBe(expected);
});

test('when a share is asked for, then the nearest rank answers', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1), percentile([], 0.5)]).toEqual([50, 99, 100, 0]);
});

test('when too few answers came, then there is no p99: it would be the slowest one', () => {
  expect([p99(Array.from({ length: 99 }, () => 1)), p99(Array.from({ length: 100 }, (_, index) => index + 1))]).toEqual([null, 99]);
});
