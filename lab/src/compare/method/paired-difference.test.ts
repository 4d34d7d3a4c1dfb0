import { expect, test } from 'vitest';
import { pairedDifference } from './paired-difference.ts';

test('when the machine drifts from pass to pass, then what is added does not', () => {
  expect(pairedDifference([1.5, 3.5, 6], [1, 3, 5])).toEqual({ n: 3, median: 0.5, min: 0.5, max: 1, values: [0.5, 0.5, 1] });
});

test('when one is quicker for what is added, then the difference is below zero, not left out', () => {
  expect(pairedDifference([2, 4], [3, 4]).values).toEqual([-1, 0]);
});

test('when one value of a pair is not known, or missing, then the others stay beside their own', () => {
  expect(pairedDifference([null, 7, 9, 4], [1, null, 5]).values).toEqual([4]);
  expect(pairedDifference([null], [null])).toMatchObject({ n: 0 });
});
