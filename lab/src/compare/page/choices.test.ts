import { expect, test } from 'vitest';
import type { ComparisonReport } from '../report-schema.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { choicesOf } from './choices.ts';

function chosen(change: (report: ComparisonReport) => Partial<ComparisonReport>): [string, string][] {
  const sample = sampleReport();
  return choicesOf({ ...sample, ...change(sample) }).map(({ brew, where }) => [brew, where]);
}

test('when differences are clear, then each brew is chosen for what it is better at, with the figure', () => {
  expect(chosen(() => ({}))).toEqual([
    ['monolith', 'one machine must bear as much as it can'],
    ['monolith', 'processor time is what you pay for'],
    ['monolith', 'memory is short'],
    ['microservices', 'a broken part must leave the others working'],
    ['microservices', 'one busy module must not slow the others'],
    ['microservices', 'notifications changes often'],
  ]);
  const choices = choicesOf(sampleReport());
  expect(choices.map(({ figure }) => figure)).toEqual(expect.arrayContaining([expect.stringContaining('1.47×'), expect.stringContaining('monolith 0 of 4, microservices 5 of 8'), expect.stringContaining('monolith 9.00× (7.20× to 11×, n = 4)')]));
});

test('when nothing is clear, then nothing is chosen', () => {
  const alike = ({ verdicts, isolation, blastRadius, changes }: ComparisonReport): Partial<ComparisonReport> => ({
    verdicts: verdicts.map((verdict) => ({ ...verdict, outcome: 'indistinguishable' as const })),
    isolation: { rows: (isolation?.rows ?? []).map((row) => ({ ...row, ratio: { ...row.ratio, low: 1, high: 20 } })) },
    blastRadius: { brokenSeconds: 4, rows: (blastRadius?.rows ?? []).map((row) => ({ ...row, journeys: { order: 'works' as const } })) },
    changes: { rows: (changes?.rows ?? []).map((row) => ({ ...row, restartMs: { ...row.restartMs, min: 1, max: 2_000 } })), failures: [] },
  });
  expect(chosen(alike)).toEqual([]);
});

test('when only one brew was tried, then it is not chosen for that', () => {
  const alone = ({ isolation, blastRadius, changes }: ComparisonReport): Partial<ComparisonReport> => ({
    ...{ verdicts: [], isolation: { rows: isolation?.rows.slice(0, 1) ?? [] } },
    ...{ blastRadius: { brokenSeconds: 4, rows: blastRadius?.rows.slice(1) ?? [] }, changes: { rows: changes?.rows.slice(0, 1) ?? [], failures: [] } },
  });
  expect(chosen(alone)).toEqual([]);
});

test('when a change runs sooner in one brew, then it is chosen where changes are frequent, unless it was timed too seldom', () => {
  const timed = (times: number) => ({ changes }: ComparisonReport): Partial<ComparisonReport> => ({
    ...{ verdicts: [], isolation: undefined, blastRadius: undefined },
    changes: { rows: (changes?.rows ?? []).map((row) => ({ ...row, buildMs: { ...row.buildMs, n: times } })), failures: [] },
  });
  expect(chosen(timed(3))).toEqual([['microservices', 'notifications changes often']]);
  expect(chosen(timed(2))).toEqual([]);
});
