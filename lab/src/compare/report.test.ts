import { describe, expect, test } from 'vitest';
import { renderComparisonTable } from './comparison-table.ts';
import { PATHS, type ComparisonReport, type PathReport, type TopologyReport } from './report-schema.ts';
import type { Knee } from './saturation-schema.ts';
import { figureOf } from './statistics.ts';
import { sampleReport } from './testing/sample-report.ts';
import { judge } from './verdict.ts';
import { warningsOf } from './warnings.ts';

const path = (factor: number, throughput = 100): PathReport => ({
  ratePerSecond: 100,
  seconds: 2,
  requests: 400,
  errors: 0,
  throughput: figureOf([throughput, throughput, throughput, throughput]),
  p50Ms: figureOf([1, 1.1, 1, 1.1].map((value) => value * factor)),
  p99Ms: figureOf([4, 9, 9, 4].map((value, index) => (factor === 1 ? value : [9, 4, 4, 9][index] ?? 0))),
  dropped: 0,
  latency: { n: 0, quantiles: [] },
  cpuMicros: { total: figureOf([100, 110, 100, 110].map((value) => value * factor)), byProcess: { gateway: figureOf([60 * factor, 70 * factor]), orders: figureOf([40 * factor, 40 * factor]) }, byBackend: { PostgreSQL: figureOf([50, 60, 50, 60]) }, withBackends: figureOf([150, 170, 150, 170].map((value) => value * factor * factor)), step: 5 },
});

const topology = (name: string, factor: number, throughput?: number): TopologyReport => ({
  name,
  processes: [{ name: 'gateway', modules: ['gateway'], idleRssBytes: figureOf([1e8]), loadRssBytes: figureOf([2e8]), startupMs: figureOf([500]) }],
  startupMs: figureOf([500 * factor]),
  idleRssBytes: figureOf([1e8, 1.1e8, 1e8, 1.1e8].map((value) => value * factor)),
  loadRssBytes: figureOf([2e8, 2.1e8, 2e8, 2.1e8]),
  perOrder: { spans: figureOf([]), logLines: figureOf([]) },
  pricePerMillionOrders: null,
  paths: { login: path(factor), read: path(factor, throughput), databaseRead: path(factor), order: path(factor), notified: { ...path(factor), cpuMicros: undefined } },
});

function reportOf(a: TopologyReport, b: TopologyReport): ComparisonReport {
  const sample = sampleReport();
  const generatorCores = { login: figureOf([0.3]), read: figureOf([0.3]), databaseRead: figureOf([0.3]), order: figureOf([0.95]), notified: figureOf([0.3]) };
  return {
    ...sample,
    topologies: [a, b],
    generatorCores,
    verdicts: judge([a, b]),
    warnings: warningsOf({ ...sample, topologies: [a, b] }),
  };
}

const REPORT = reportOf(topology('monolith', 1), topology('microservices', 2));
const sentence = (report: ComparisonReport, metric: string): string => report.verdicts.find((verdict) => verdict.metric === metric)?.sentence ?? '';

describe('verdicts', () => {
  test('when every value of one brew lies clear of the other, then it is named, with the interval', () => {
    expect(sentence(REPORT, 'memory when idle')).toBe('Microservices needs 2.00× the memory when idle that monolith does (2.00× to 2.00×, n = 4 pairs).');
    expect(REPORT.verdicts.find(({ metric }) => metric === 'memory when idle')?.winner).toBe('monolith');
  });

  test('when it is the other way round, then the other is named', () => {
    const report = reportOf(topology('monolith', 2), topology('microservices', 1));
    expect(sentence(report, 'memory when idle')).toBe('Monolith needs 2.00× the memory when idle that microservices does (2.00× to 2.00×, n = 4 pairs).');
  });

  test('when a million orders cost more in one brew, pass by pass, then the other is named; half a knee is no finer than its search', () => {
    const priced = (name: string, price: number, rateIs: 'measured' | 'half the knee'): TopologyReport => ({ ...topology(name, 1), pricePerMillionOrders: { ...{ atRatePerSecond: 40, rateIs, cpu: price / 2, backendCpu: 0, memory: price / 2, total: price }, totals: figureOf([1, 1.001, 1, 1.001].map((each) => each * price)) } });
    const compare = (more: number, rateIs: 'measured' | 'half the knee'): string => sentence(reportOf(priced('monolith', 1, rateIs), priced('microservices', more, rateIs)), 'price of a million orders');
    expect(compare(2, 'measured')).toMatch(/^Microservices needs 2\.00× the money for a million orders that monolith does \(.*, n = 4 pairs\)\.$/);
    expect(compare(1.11, 'measured')).toContain('needs 1.11×');
    expect(compare(1.11, 'half the knee')).toMatch(/^No winner/);
  });

  test.each(['p99 of GET /menu', 'memory under load'])('when the values overlap, then there is no winner in %s', (metric) => {
    expect(sentence(REPORT, metric)).toMatch(/^No winner/);
    expect(REPORT.verdicts.find((verdict) => verdict.metric === metric)?.winner).toBeUndefined();
  });

  test.each([[[500], 'one pair'], [[500, 510], 'n = 2 pairs'], [[500, 510, 500], 'n = 3 pairs']])('when something was measured as %j, then it proves nothing', (values, pairs) => {
    const report = reportOf({ ...topology('monolith', 1), startupMs: figureOf(values) }, { ...topology('microservices', 2), startupMs: figureOf(values.map((ms) => ms * 2)) });
    expect(sentence(report, 'time to start')).toBe(`No winner in time to start: too few to name one (microservices 2.00×, ${pairs}).`);
    expect(report.verdicts.find(({ metric }) => metric === 'time to start')).toMatchObject({ outcome: 'too few', ratio: { estimate: 2 } });
  });

  test('when a brew is only 4 % above the other, then that is noise, however alike the pairs are', () => {
    const report = reportOf(topology('monolith', 1), topology('microservices', 1.04));
    expect(report.verdicts.find(({ metric }) => metric === 'memory when idle')).toMatchObject({ outcome: 'indistinguishable' });
  });

  test('when CPU time is told, then the sentence names it with the backends as well, and its interval is a clock step wider', () => {
    expect(sentence(REPORT, 'CPU of POST /orders (with all that follows)')).toBe(
      'Microservices needs 2.00× the CPU time of the apps alone for each order and all that follows that monolith does (1.87× to 2.14×, n = 4 pairs); apps and backends together: microservices 4.00× monolith.',
    );
    expect(sentence(REPORT, 'CPU with backends of POST /orders (with all that follows)')).toMatch(/^Microservices needs 4\.00× the CPU time of apps and backends/);
  });

  test('when three are compared, then each is told against the first', () => {
    const verdicts = judge([topology('monolith', 1), topology('microservices', 2), topology('third', 3)]);
    expect(verdicts.filter(({ metric }) => metric === 'memory when idle').map(({ topology: name, baseline, ratio }) => [name, baseline, Math.round(ratio.estimate)])).toEqual([
      ['microservices', 'monolith', 2],
      ['third', 'monolith', 3],
    ]);
  });

  test('when there were too few answers for a p99, then it is neither judged nor shown', () => {
    const few = topology('monolith', 1);
    const report = reportOf({ ...few, paths: { ...few.paths, order: { ...few.paths.order, p99Ms: null } } }, topology('microservices', 2));
    expect(sentence(report, 'p99 of POST /orders')).toBe('p99 of POST /orders: too few answers in each window to tell.');
    expect(renderComparisonTable(report)).toContain('too few');
  });

  test('when a brew did not keep up with the rate, then its latency wins and loses nothing, and a warning says so', () => {
    const report = reportOf(topology('monolith', 1), topology('microservices', 2, 50));
    expect(sentence(report, 'p99 of GET /menu')).toBe('No winner in time for the slowest 1 % of cached reads: microservices did not keep up with the rate.');
    expect(report.warnings.join('\n')).toContain('microservices did not keep up on GET /menu');
  });

  test('when windows were void, then a warning says how many', () => {
    expect(REPORT.warnings.join('\n')).toMatch(/1 of \d+ windows were void/);
    expect(REPORT.warnings.join('\n')).not.toContain('all the same');
  });

  test('when windows count though others used the machine, then a warning says how many, and why at worst', () => {
    const { topologies, saturation, rounds } = sampleReport();
    const disturbed = rounds.map((round, index) => ({ ...round, strangerCores: [1.46, 0.9][index] ?? 0 }));
    expect(warningsOf({ topologies, saturation, rounds: disturbed }).join('\n')).toMatch(/^2 of \d+ windows were disturbed and count all the same: other programs used 1\.46 of a core, more than 0\.25$/m);
  });
});

describe('windows that drove a brew, or the generator, to its limit', () => {
  const { topologies, saturation, rounds } = sampleReport();
  const warned = (found: Knee['found'], ratePerSecond: number | null): string => warningsOf({ topologies, rounds, saturation: saturation.slice(0, 1).map((one) => ({ ...one, knee: { ...one.knee, found, ratePerSecond } })) }).join('\n');

  test('when the generator was at its limit, then its window is among the void ones, not among those that count all the same', () => {
    const reason = 'the load generator used 0.84 of its core, more than 0.7: the figures would be its own';
    const atLimit = rounds.map((round, index) => ({ ...round, void: index === 0 ? reason : null, generatorCores: index === 0 ? 0.84 : 0.1, strangerCores: 0 }));
    const text = warningsOf({ topologies, saturation: [], rounds: atLimit }).join('\n');
    expect(text).toMatch(/1 of \d+ windows were void/);
    expect(text).not.toContain('all the same');
  });

  test.each([
    ['generator', 900, 'the load generator came to its limit before monolith did on GET /menu (cached read): it bears at least the rate that is told'],
    ['generator', null, 'came to its limit before monolith did on GET /menu (cached read): no rate was found that it bears'],
    ['disturbed', 900, 'the search for the highest rate of monolith on GET /menu (cached read) ended at a rate of which no window counts: it bears at least the rate that is told'],
  ] as const)('when a search ended %s with %s, then a warning says what is known', (found, rate, words) => {
    expect(warned(found, rate)).toContain(words);
    expect(warned('between', rate)).not.toContain('bears');
  });
});

describe('the table', () => {
  test('when it is printed, then every path has its row for both brews', () => {
    const table = renderComparisonTable(REPORT);
    expect(table.match(/^ {2}p99 /gm)).toHaveLength(PATHS.length);
    expect(table).toContain('105 µs (100 µs – 110 µs)');
    expect(table).toContain('210 µs (200 µs – 220 µs)');
    expect(table).not.toMatch(/undefined|NaN/);
  });

  test('when brews were measured too few times to name one, then it says so once and shows what was found', () => {
    const once = (name: string, factor: number): TopologyReport => ({ ...topology(name, factor), startupMs: figureOf([factor * 100]), idleRssBytes: figureOf([factor * 100]) });
    const lines = renderComparisonTable(reportOf(once('monolith', 1), once('microservices', 2))).split('\n');
    const at = lines.findIndex((line) => line.includes('Measured too few times to name a winner'));
    expect(lines.slice(at + 1, at + 3)).toEqual(['     2.00× memory when idle', '     2.00× time to start']);
    expect(lines.filter((line) => line.includes('too few to name'))).toEqual([]);
  });
});
