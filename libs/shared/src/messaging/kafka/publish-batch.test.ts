import { expect, test } from 'vitest';
import { BATCH_BYTES, nextBatch, sizeOf, type PublishCall } from './publish-batch.ts';

const call = (topic: string, sizes: number[], stored = 0): PublishCall => ({ topic, sizes, stored, records: sizes.map((_, n) => ({ key: 'k', value: String(n), headers: {} })) });
const counts = (calls: PublishCall[]): [string, number][] => nextBatch(calls).map(({ call: { topic }, count }) => [topic, count]);

test('when calls are small, then they go together, in their order', () => {
  expect(counts([call('a', [10, 10]), call('b', [10]), call('a', [10])])).toEqual([['a', 2], ['b', 1], ['a', 1]]);
});

test('when a call does not fit, then its beginning goes, and nothing of those behind it', () => {
  const half = BATCH_BYTES / 2;
  expect(counts([call('a', [half]), call('b', [half, half, half]), call('c', [1])])).toEqual([['a', 1], ['b', 1]]);
});

test('when some of a call is stored, then the rest goes', () => {
  expect(counts([call('a', [10, 10, 10], 2)])).toEqual([['a', 1]]);
});

test('when one record is larger than a request should be, then it goes alone', () => {
  expect(counts([call('a', [BATCH_BYTES + 1, 1]), call('b', [1])])).toEqual([['a', 1]]);
});

test('when a record is measured, then bytes count, not characters', () => {
  expect(sizeOf({ key: '', value: '𝒞', headers: { é: 'é' } }) - sizeOf({ key: '', value: '', headers: {} })).toBe(4 + 4 + 4);
});
