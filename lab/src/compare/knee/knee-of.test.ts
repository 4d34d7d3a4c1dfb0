import { expect, test } from 'vitest';
import type { FoundKnee } from '../saturation-schema.ts';
import { kneeOf } from './knee-of.ts';

const search = (ratePerSecond: number | null): FoundKnee => ({ ratePerSecond, found: ratePerSecond === null ? 'disturbed' : 'between', failedAtRatePerSecond: ratePerSecond === null ? null : ratePerSecond + 1 });

test('when there was one search, then the knee is what it found', () => {
  expect(kneeOf([search(100)])).toEqual({ ...search(100), atHalf: null });
});

test('when there were several, then the knee is that of the search in the middle, with n, least and most', () => {
  const searches = [104, 98, 100, 102].map(search);
  expect(kneeOf(searches)).toMatchObject({ ...search(100), searches: { rates: { n: 4, min: 98, max: 104 }, each: searches } });
});

test('when some of them ended before, then they are kept, and not counted: what they found is a bound', () => {
  const bound: FoundKnee = { ratePerSecond: 70, found: 'disturbed', failedAtRatePerSecond: null };
  const knee = kneeOf([search(null), search(100), bound, search(102)]);
  expect(knee).toMatchObject({ ...search(100), searches: { rates: { n: 2, min: 100, max: 102 }, each: { length: 4 } } });
  expect(kneeOf([search(null), bound, search(null)])).toMatchObject({ ...bound, searches: { rates: { n: 0 } } });
  expect(kneeOf([search(null), search(null)])).toMatchObject({ ratePerSecond: null, found: 'disturbed' });
});
