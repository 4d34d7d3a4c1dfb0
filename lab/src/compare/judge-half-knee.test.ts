import { expect, test } from 'vitest';
import { judgeAtHalf } from './judge-half-knee.ts';
import type { Saturation } from './saturation-schema.ts';
import { figureOf } from './statistics.ts';
import { sampleReport } from './testing/sample-report.ts';

const NAMES = ['monolith', 'microservices'];

/** With latencies of one path at half the knee. */
function driven(index: number, p50s: readonly number[], p99s: readonly number[] | null): Saturation {
  const sample = sampleReport().saturation.find(({ path, topology }) => path === 'read' && topology === NAMES[index])!;
  const windows = { p50Ms: figureOf(p50s), p99Ms: p99s === null ? null : figureOf(p99s) };
  return { ...sample, knee: { ...sample.knee, atHalf: { ratePerSecond: 100, p50Ms: windows.p50Ms.median, p99Ms: windows.p99Ms?.median ?? null, ...(p50s.length > 1 && { windows }) } } };
}

test('when both were measured in several passes, then p50 and p99 are told as ratios of pairs, with their interval', () => {
  const verdicts = judgeAtHalf([driven(0, [1, 1.1, 1, 1.1], [4, 9, 9, 4]), driven(1, [2, 2.2, 2, 2.2], [9, 4, 4, 9])], NAMES);
  expect(verdicts.map(({ metric, outcome, winner }) => [metric, outcome, winner])).toEqual([
    ['median at half the knee of GET /menu (cached read)', 'differ', 'monolith'],
    ['p99 at half the knee of GET /menu (cached read)', 'indistinguishable', undefined],
  ]);
  expect(verdicts[0]?.sentence).toBe('Microservices needs 2.00× the median time of GET /menu (cached read) at half its own knee that monolith does (2.00× to 2.00×, n = 4 pairs).');
  expect(verdicts[1]?.sentence).toMatch(/^No winner in p99 of GET \/menu \(cached read\) at half its own knee: the difference is inside the noise \(microservices 0\.23× to 4\.44×, n = 4 pairs\)\.$/);
});

test('when the second is faster, then the first is told as its multiple', () => {
  expect(judgeAtHalf([driven(0, [2, 2, 2, 2], null), driven(1, [1, 1, 1, 1], null)], NAMES)[0]?.sentence).toMatch(/^Monolith needs 2\.00× the median time of GET \/menu \(cached read\) at half its own knee that microservices does/);
});

test('when there are too few answers for a p99, or too few passes, then nobody is named', () => {
  expect(judgeAtHalf([driven(0, [1, 1, 1, 1], [2, 2, 2, 2]), driven(1, [2, 2, 2, 2], null)], NAMES)[1]).toMatchObject({ outcome: 'too few', sentence: expect.stringContaining('too few answers in each window') });
  expect(judgeAtHalf([driven(0, [1, 1, 1], null), driven(1, [2, 2, 2], null)], NAMES)[0]).toMatchObject({ outcome: 'too few', ratio: { pairs: [2, 2, 2] } });
});

test('when each was measured once, then there is no ratio', () => {
  expect(judgeAtHalf([driven(0, [1], [2]), driven(1, [2], [4])], NAMES)).toEqual([]);
});
