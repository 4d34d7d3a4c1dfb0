import { expect, test } from 'vitest';
import { encodeMarks, GIVEN_BACK, marksOfTaker } from './death-marks.ts';

test('when a partition is new or was given back, then nobody died', () => {
  for (const metadata of [null, GIVEN_BACK]) expect(marksOfTaker(5, metadata)).toEqual({ deaths: 0, diedAt: 5, suspicions: 0 });
});

test('when owners die one after another at one offset, then their deaths are counted, and begin anew at another', () => {
  const first = marksOfTaker(5, encodeMarks({ deaths: 0, diedAt: 3, suspicions: 0 }));
  expect(first).toEqual({ deaths: 1, diedAt: 5, suspicions: 0 });
  const second = marksOfTaker(5, encodeMarks(first));
  expect(second.deaths).toBe(2);
  expect(marksOfTaker(6, encodeMarks(second)).deaths).toBe(1);
});

test('when an owner dies while it tries the next record alone, then that speaks against the record; a death of another cause clears it', () => {
  const suspected = marksOfTaker(5, encodeMarks({ deaths: 2, diedAt: 5, suspicions: 0, trying: 5 }));
  expect(suspected.suspicions).toBe(1);
  expect(marksOfTaker(5, encodeMarks({ ...suspected, trying: 5 })).suspicions).toBe(2);
  expect(marksOfTaker(5, encodeMarks(suspected)).suspicions).toBe(0);
});

test.each(['not JSON', 'null', '1', '{}', '{"deaths":"2","diedAt":5,"suspicions":0}'])('when another client left %s as metadata, then it says nothing', (metadata) => {
  expect(marksOfTaker(5, metadata)).toEqual({ deaths: 0, diedAt: 5, suspicions: 0 });
});
