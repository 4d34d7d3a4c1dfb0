import { expect, test } from 'vitest';
import type { ComparisonReport } from '../report-schema.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { changesSince } from './changes-since.ts';
import { differencesBetween } from './differences.ts';

const SAMPLE = sampleReport();
const { taxes: _1, dial: _2, ...WITHOUT_TAXES } = SAMPLE;

test('when nothing is different, then nothing is told', () => {
  expect(differencesBetween(SAMPLE, SAMPLE)).toEqual({ told: [], incomparable: new Set() });
});

test.each([
  [SAMPLE, { ...SAMPLE, environment: { ...SAMPLE.environment, node: '24.22.0' } }, 'Node 24.21.0 then, 24.22.0 now'],
  [SAMPLE, { ...SAMPLE, settings: { ...SAMPLE.settings, passes: 8 } }, 'passes 4 then, 8 now'],
  [SAMPLE, { ...SAMPLE, settings: { ...SAMPLE.settings, limits: { ...SAMPLE.settings.limits, strangerCores: 0.5 } } }, 'cores above which other programs make a window void 0.2 then, 0.5 now'],
  [SAMPLE, WITHOUT_TAXES, 'measured then alone: two taxes, the dial'],
  [WITHOUT_TAXES, SAMPLE, 'measured now alone: two taxes, the dial'],
  [{ ...SAMPLE, partial: { reason: 'it was ended', missing: ['start-up'] } }, SAMPLE, 'the earlier report is not whole: it was ended; missing: start-up'],
] satisfies [ComparisonReport, ComparisonReport, string][])('when two reports differ in something small, then it is told, and their figures are compared (%#)', (before, now, sentence) => {
  expect(differencesBetween(before, now)).toEqual({ told: [sentence], incomparable: new Set() });
});

test.each([
  ['saturation', { ...SAMPLE, saturation: SAMPLE.saturation.map((one) => ({ ...one, objective: { ...one.objective, p99Ms: one.objective.p99Ms * 2 } })) }, /^highest rates: .*p99 50 ms and 0\.1 % errors in 3 s.* then, .*p99 100 ms.* now: not compared$/],
  ['saturation', { ...SAMPLE, saturation: SAMPLE.saturation.map((one) => ({ ...one, probes: one.probes.map((probe) => ({ ...probe, seconds: 1.25 })) })) }, /^highest rates: .* in 3 s.* then, .* in 1\.25 s.* now: not compared$/],
  ['scaling', { ...SAMPLE, scaling: { ...SAMPLE.scaling!, concurrency: 64 } }, /^more of a process: 32 requests at once then, 64 requests at once now: not compared$/],
  ['isolation', { ...SAMPLE, isolation: { rows: SAMPLE.isolation!.rows.map((row) => ({ ...row, ratePerSecond: 100 })) } }, /at 400\/s then, .* at 100\/s now: not compared$/],
  ['blastRadius', { ...SAMPLE, blastRadius: { ...SAMPLE.blastRadius!, brokenSeconds: 8 } }, /broken for 4 s then, broken for 8 s now: not compared$/],
] satisfies [string, ComparisonReport, RegExp][])('when %s were measured in another size (%#), then that is told, and none of their figures is compared', (section, now, sentence) => {
  const { differences = [], changes, turns = [] } = changesSince(SAMPLE, now);
  expect(differences).toEqual([expect.stringMatching(sentence)]);
  expect([...changes, ...turns].filter((each) => each.section === section)).toEqual([]);
  expect(changes.length).toBeGreaterThan(50);
});
