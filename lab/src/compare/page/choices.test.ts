import { expect, test } from 'vitest';
import type { ComparisonReport } from '../report-schema.ts';
import type { Price } from '../section-schemas.ts';
import { figureOf } from '../statistics.ts';
import { ratio } from '../testing/sample-figures.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { choiceSection } from './choice-section.ts';
import { choicesOf, seenOnce } from './choices.ts';

function chosen(change: (report: ComparisonReport) => Partial<ComparisonReport>): [string, string][] {
  const sample = sampleReport();
  return choicesOf({ ...sample, ...change(sample) }).map(({ brew, where }) => [brew, where]);
}

/** All values alike, so that nothing is clear. */
function alike({ verdicts, isolation, taxes, dial, scaling, changes }: ComparisonReport): Partial<ComparisonReport> {
  const noisy = ({ ratio, ...price }: Price): Price => ({ ...price, ratio: { ...ratio, low: 0.9, high: 2 } });
  const same = figureOf([1_000, 1_010, 990, 1_000]);
  return {
    verdicts: verdicts.map((verdict) => ({ ...verdict, outcome: 'indistinguishable' as const })),
    isolation: { rows: (isolation?.rows ?? []).map((row) => ({ ...row, ratio: { ...row.ratio, low: 1, high: 20 } })) },
    taxes: { cells: taxes?.cells ?? [], brokers: (taxes?.brokers ?? []).map(noisy), splitting: (taxes?.splitting ?? []).map(noisy) },
    dial: { steps: dial?.steps ?? [], cuts: (dial?.cuts ?? []).map((cut) => ({ ...cut, prices: cut.prices.map(noisy) })) },
    scaling: { concurrency: 32, rows: (scaling?.rows ?? []).map((row) => ({ ...row, perAddedCore: row.perAddedCore === null ? null : same })) },
    changes: { rows: (changes?.rows ?? []).map((row) => ({ ...row, buildMs: same, restartMs: same })), failures: [] },
  };
}

test('when differences are clear, then each brew is chosen for what it is better at, with the figure', () => {
  expect(chosen(() => ({}))).toEqual([
    ['monolith', 'one machine must bear as much as it can'],
    ['monolith', 'processor time is what you pay for'],
    ['monolith', 'memory is short'],
    ['monolith', 'what an order costs decides'],
    ['monolith', 'events and tasks may stay in the process'],
    ['monolith', 'events and tasks leave the process, and one process is enough'],
    ['monolith', 'what gateway+auth | orders+notifications keeps apart need not be apart'],
    ['microservices', 'load grows, and cores are added for it'],
    ['microservices', 'one busy module must not slow the others'],
    ['microservices', 'notifications changes often'],
  ]);
  const figures = choicesOf(sampleReport()).map(({ figure }) => figure).join('\n');
  for (const figure of ['1.47×', '1.78× the money', 'monolith 9.00× (7.20× to 11×, n = 4)', 'The step away costs: CPU of apps and backends for each order 1.69× (1.59× to 1.79×, n = 4 pairs); time from POST to notification 1.63×', 'with 1 more of the process that holds orders: monolith 980/s (951/s – 1019/s, n = 4), microservices 1240/s']) expect(figures).toContain(figure);
});

test('when nothing is clear, then nothing is chosen', () => {
  expect(chosen(alike)).toEqual([]);
});

test('when parts were broken once each, then what was seen is told with n, and names nobody', () => {
  const sample = sampleReport();
  expect(seenOnce(sample)).toEqual(['Journeys that worked while a part was broken, in one try of each part (n = 1): monolith 0 of 4, microservices 5 of 8.']);
  expect(chosen((report) => ({ ...alike(report), blastRadius: report.blastRadius }))).toEqual([]);
  expect(choiceSection({ ...sample, ...alike(sample) })?.body.markup).toContain('<h3>Seen once</h3><p>A sign, and no reason by itself: Journeys that worked');
});

test('when a step saves something beyond the noise, then the arrangement behind it is chosen', () => {
  const cheaper = ({ taxes }: ComparisonReport): Partial<ComparisonReport> => ({
    ...{ verdicts: [], isolation: undefined, changes: undefined, dial: undefined, scaling: undefined },
    taxes: { cells: taxes?.cells ?? [], brokers: [], splitting: [{ metric: 'time to place an order', ratio: ratio(0.5), sentence: '' }] },
  });
  expect(chosen(cheaper)).toEqual([['microservices', 'events and tasks leave the process, and there may be several']]);
});

test('when only one brew was tried, then it is not chosen for that', () => {
  const alone = ({ isolation, scaling, changes }: ComparisonReport): Partial<ComparisonReport> => ({
    ...{ verdicts: [], taxes: undefined, dial: undefined, isolation: { rows: isolation?.rows.slice(0, 1) ?? [] }, scaling: { concurrency: 32, rows: scaling?.rows.slice(0, 2) ?? [] } },
    changes: { rows: changes?.rows.slice(0, 1) ?? [], failures: [] },
  });
  expect(chosen(alone)).toEqual([]);
  expect(seenOnce({ ...sampleReport(), blastRadius: { brokenSeconds: 4, rows: sampleReport().blastRadius?.rows.slice(1) ?? [] } })).toEqual([]);
});

test('when a change runs sooner in one brew, then it is chosen where changes are frequent, unless it was timed too seldom', () => {
  const timed = (times: number) => ({ changes }: ComparisonReport): Partial<ComparisonReport> => ({
    ...{ verdicts: [], isolation: undefined, taxes: undefined, dial: undefined, scaling: undefined },
    changes: { rows: (changes?.rows ?? []).map((row) => ({ ...row, buildMs: figureOf(row.buildMs.values.slice(0, times)) })), failures: [] },
  });
  expect(chosen(timed(3))).toEqual([['microservices', 'notifications changes often']]);
  expect(chosen(timed(2))).toEqual([]);
});
