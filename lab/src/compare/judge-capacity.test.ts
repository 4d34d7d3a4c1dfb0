import { expect, test } from 'vitest';
import { judgeCapacity } from './judge-capacity.ts';
import { kneeOf } from './knee/knee-of.ts';
import { headlines } from './page/headlines.ts';
import type { Verdict } from './report-schema.ts';
import type { FoundKnee, Saturation } from './saturation-schema.ts';

const NAMES = ['monolith', 'microservices'];
const search = (ratePerSecond: number): FoundKnee => ({ ratePerSecond, found: 'between', failedAtRatePerSecond: ratePerSecond * 1.03 });

function judged(first: readonly FoundKnee[], second: readonly FoundKnee[]): Verdict {
  const saturation = [first, second].map((searches, index): Saturation => ({ topology: NAMES[index] ?? '', path: 'order', objective: { p99Ms: 250, errorShare: 0.001 }, probes: [], knee: kneeOf(searches) }));
  const [verdict, ...others] = judgeCapacity(saturation, NAMES);
  expect(others).toEqual([]);
  return verdict!;
}

test.each([
  [1, 'one search each'],
  [2, '2 searches each'],
])('when each was searched for %d times, then the rates are told, no interval, no winner, and nothing first on the page', (times, words) => {
  const verdict = judged(Array.from({ length: times }, () => search(200)), Array.from({ length: times }, () => search(100)));
  expect(verdict).toMatchObject({ outcome: 'too few', ratio: { low: 0, estimate: 0, high: 0, pairs: [] } });
  expect(verdict.sentence).toMatch(/^No winner in the highest rate of POST \/orders \(with all that follows\): monolith 200\/s.*, microservices 100\/s/);
  expect(verdict.sentence).toContain(`; ${words}, no interval.`);
  expect(verdict.winner).toBeUndefined();
  expect(headlines([verdict])).toEqual([]);
});

test('when each was searched for four times, then pairs of one pass decide, with what a search cannot tell beside their own interval', () => {
  const verdict = judged([200, 210, 190, 200].map(search), [100, 106, 94, 100].map(search));
  expect(verdict).toMatchObject({ outcome: 'differ', winner: 'monolith', sentence: expect.stringMatching(/^Microservices bears 0\.50× the rate .* that monolith does \(0\.4\d× to 0\.5\d×, n = 4 pairs\)\.$/) });
  expect(verdict.ratio.high).toBeGreaterThan(1.03 * 0.5);
  expect(headlines([verdict])).toEqual([verdict]);
});

test('when knees of one pass differ by less than the noise, then there is no winner', () => {
  expect(judged([200, 206, 200, 200].map(search), [195, 195, 200, 206].map(search))).toMatchObject({ outcome: 'indistinguishable' });
});

test('when the knee of both was found in three passes, then there is an interval, and no winner', () => {
  const bound: FoundKnee = { ratePerSecond: 150, found: 'disturbed', failedAtRatePerSecond: null };
  const verdict = judged([200, 200, 200, 200].map(search), [...[100, 100, 100].map(search), bound]);
  expect(verdict).toMatchObject({ outcome: 'too few', ratio: { pairs: [0.5, 0.5, 0.5] } });
  expect(verdict.winner).toBeUndefined();
});

test('when the knee of both was found in fewer passes, then bounds are no pairs', () => {
  const bound: FoundKnee = { ratePerSecond: 900, found: 'generator', failedAtRatePerSecond: null };
  expect(judged([200, 200, 200, 200].map(search), [search(100), bound, bound, search(100)])).toMatchObject({ outcome: 'not measured', ratio: { pairs: [] }, sentence: expect.stringContaining('found for both in 2 of 4 passes') });
});
