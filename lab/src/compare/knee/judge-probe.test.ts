import { expect, test } from 'vitest';
import type { GeneratorResult } from '../generator/generator-protocol.ts';
import { judgeJourneys, judgeProbe } from './judge-probe.ts';

const GOOD: GeneratorResult = {
  ...{ id: 1, due: 200, succeeded: 200, failed: 0, dropped: 0, backlog: { middle: 2, end: 3 }, throughput: 100, bytes: { sent: 1, received: 1 }, generatorCpuMs: 10, elapsedMs: 2_000 },
  ...{ p50Ms: 2, p99Ms: 20, maxMs: 40, buckets: [] },
  notified: { count: 200, missing: 0, backlog: { middle: 5, end: 5 }, p50Ms: 40, p99Ms: 90, maxMs: 100, buckets: [] },
};
const OBJECTIVE = { p99Ms: 50, errorShare: 0.001 };
const sent = (change: Partial<GeneratorResult>) => ({ ratePerSecond: 100, seconds: 2, generatorCores: 0.1, void: null, result: { ...GOOD, ...change } });

test('when a window keeps its objective, then the rate holds', () => {
  expect(judgeProbe(sent({}), OBJECTIVE)).toMatchObject({ holds: true, broke: null, p99Ms: 20, errorShare: 0 });
});

test.each([
  [{ failed: 1 }, '0.5 % errors, more than 0.1 %'],
  [{ p99Ms: 51 }, 'p99 was 51 ms, more than 50 ms'],
  [{ p99Ms: null, maxMs: 60 }, 'the slowest of few answers was 60 ms, more than 50 ms'],
  [{ backlog: { middle: 10, end: 40 } }, 'the backlog grew by 30 of 100 that came meanwhile'],
  [{ failed: 20, dropped: 20, p99Ms: 900 }, '10.0 % errors, more than 0.1 %; p99 was 900 ms, more than 50 ms'],
])('when a window gives %j, then it does not, because: %s', (change, broke) => {
  expect(judgeProbe(sent(change), OBJECTIVE)).toMatchObject({ holds: false, broke });
});

test('when there are too few answers for a p99, then the slowest is judged, and no p99 is told', () => {
  expect(judgeProbe(sent({ p99Ms: null, maxMs: 60 }), OBJECTIVE)).toMatchObject({ holds: false, p99Ms: null });
  expect(judgeProbe(sent({ p99Ms: null, maxMs: 40 }), OBJECTIVE)).toMatchObject({ holds: true, p99Ms: null });
  expect(judgeJourneys(sent({ notified: { ...GOOD.notified!, p99Ms: null, maxMs: 60 } }), OBJECTIVE)).toMatchObject({ holds: false, p99Ms: null });
});

test.each([{}, { failed: 20 }])('when a window is void and gives %j, then it neither holds nor fails', (change) => {
  for (const judge of [judgeProbe, judgeJourneys]) expect(judge({ ...sent(change), void: 'others were busy' }, OBJECTIVE)).toMatchObject({ holds: null, broke: null, void: 'others were busy' });
});

test('when a few more wait at the end by chance, then that is no backlog', () => {
  expect(judgeProbe(sent({ backlog: { middle: 0, end: 5 } }), OBJECTIVE).holds).toBe(true);
});

test('when orders are followed to their end, then one that nobody was told of is an error', () => {
  expect(judgeJourneys(sent({}), { ...OBJECTIVE, p99Ms: 100 })).toMatchObject({ holds: true, p99Ms: 90, throughput: 100 });
  expect(judgeJourneys(sent({ notified: { ...GOOD.notified!, missing: 2 } }), { ...OBJECTIVE, p99Ms: 100 })).toMatchObject({ holds: false, errorShare: 0.01 });
});
