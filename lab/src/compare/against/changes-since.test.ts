import { describe, expect, test } from 'vitest';
import type { Change, ComparisonReport, SinceReport } from '../report-schema.ts';
import type { Saturation } from '../saturation-schema.ts';
import { figureOf, type Figure } from '../statistics.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { changesSince } from './changes-since.ts';

const SAMPLE = sampleReport();
type Sections = 'taxes' | 'dial' | 'scaling' | 'changes' | 'isolation' | 'blastRadius';

function since(now: Partial<ComparisonReport>, before: Partial<ComparisonReport> = {}): SinceReport {
  return changesSince({ ...SAMPLE, ...before }, { ...SAMPLE, ...now });
}

function changed({ changes, turns = [] }: SinceReport): string[] {
  return [...changes.filter((change) => change.changed === true), ...turns.filter((turn) => turn.before !== turn.after)].map(({ sentence }) => sentence);
}

function found({ changes }: SinceReport, topology: string, metric: string): Change | undefined {
  return changes.find((change) => change.topology === topology && change.metric === metric);
}

function scaled({ values }: Figure, factor: number): Figure {
  return figureOf(values.map((value) => value * factor));
}

/** The first row of a section, with one of its figures so many times as large. */
function scaledFirst<Row>(section: Sections, rows: readonly Row[], of: (row: Row) => Partial<Row>): Partial<ComparisonReport> {
  return { [section]: { ...SAMPLE[section], rows: rows.map((row, index) => (index === 0 ? { ...row, ...of(row) } : row)) } };
}

describe('what passes gave', () => {
  const withMemory = (factor: number): Partial<ComparisonReport> => ({ topologies: SAMPLE.topologies.map((topology) => ({ ...topology, loadRssBytes: scaled(topology.loadRssBytes, factor) })) });

  test('when a brew needs a half more than it did, then that is told, and nothing else', () => {
    expect(changed(since(withMemory(1.5)))).toEqual([
      expect.stringMatching(/^Monolith, memory under load: 16\d\.\d MiB then, 24\d\.\d MiB now, 1\.50× \(1\.\d\d× to 1\.\d\d×\)\.$/),
      expect.stringMatching(/^Microservices, memory under load: /),
    ]);
    expect(since({}).measuredAt).toBe(SAMPLE.measuredAt);
  });

  test.each([1, 1.05])('when a brew needs %d times what it did, then that is noise', (factor) => {
    expect(changed(since(withMemory(factor)))).toEqual([]);
    expect(found(since(withMemory(factor)), 'monolith', 'memory under load')?.sentence).toContain('no change beyond the noise');
  });

  test('when a million orders have another price, then that is not told: the price table may be another one', () => {
    const dearer = SAMPLE.topologies.map((topology) => ({ ...topology, pricePerMillionOrders: topology.pricePerMillionOrders && { ...topology.pricePerMillionOrders, totals: figureOf([9, 9, 9, 9]) } }));
    expect(since({ topologies: dearer }).changes.map(({ metric }) => metric)).not.toContain('price of a million orders');
  });

  test('when something was measured once each, then a change is not named, however large', () => {
    const started = (ms: number): Partial<ComparisonReport> => ({ topologies: SAMPLE.topologies.map((topology) => ({ ...topology, startupMs: figureOf([ms]) })) });
    expect(found(since(started(900), started(500)), 'monolith', 'time to start')).toMatchObject({ changed: null, sentence: 'Monolith, time to start: 500 ms then, 900 ms now; one value each, no interval.' });
  });

  test('when a brew no longer keeps up with its rate, then that is told, and its latency is not', () => {
    const slow = SAMPLE.topologies.map((topology) => ({ ...topology, paths: { ...topology.paths, read: { ...topology.paths.read, throughput: figureOf([100, 100, 100, 100]), p50Ms: scaled(topology.paths.read.p50Ms, 50) } } }));
    const report = since({ topologies: slow });
    expect(changed(report)).toContain('Microservices, 400/s of GET /menu (cached read): kept up then, not kept up now.');
    expect(found(report, 'microservices', 'median of GET /menu')).toMatchObject({ changed: null, sentence: expect.stringContaining('now it did not keep up with the rate') });
  });
});

describe('what is exact', () => {
  const withCode = (more: number): Partial<ComparisonReport> => ({ topologies: SAMPLE.topologies.map((topology) => ({ ...topology, imageBytes: 300_000_000 + more, codeBytes: topology.codeBytes && { start: topology.codeBytes.start, total: topology.codeBytes.total + more } })) });

  test('when code or an image has one byte more, then that is a change', () => {
    expect(changed(since(withCode(1), withCode(0)))).toEqual([
      'Monolith, all code: 842000 B then, 842001 B now.',
      'Monolith, images: 300000000 B then, 300000001 B now.',
      'Microservices, all code: 1483000 B then, 1483001 B now.',
      'Microservices, images: 300000000 B then, 300000001 B now.',
    ]);
    expect(found(since(withCode(0), withCode(0)), 'monolith', 'images')?.sentence).toBe('Monolith, images: 300000000 B then and now.');
  });

  test.each([
    [[22, 22, 22], true, 'Monolith, spans of an order: 21 then, 22 now.'],
    [[21, 22, 21], false, 'Monolith, spans of an order: 21 then, 21 to 22 now: no change, one order differs from the next by as much.'],
  ])('when an order has %j spans after 21, then it changed: %s', (spans, isChange, sentence) => {
    const withSpans = (values: readonly number[]): Partial<ComparisonReport> => ({ topologies: SAMPLE.topologies.map((topology) => ({ ...topology, perOrder: { ...topology.perOrder, spans: figureOf(values) } })) });
    expect(found(since(withSpans(spans), withSpans([21, 21, 21])), 'monolith', 'spans of an order')).toMatchObject({ changed: isChange, sentence });
  });
});

describe('highest rates', () => {
  const METRIC = 'highest rate of GET /menu (cached read)';
  const searched = (rates: readonly number[] | undefined, knee: Partial<Saturation['knee']> = {}): Partial<ComparisonReport> => ({
    saturation: SAMPLE.saturation.filter(({ path }) => path === 'read').map((one) => ({ ...one, knee: { ...one.knee, searches: rates === undefined ? undefined : { rates: figureOf(rates), each: [] }, ...knee } })),
  });

  test('when both were searched for four times and differ beyond search and noise, then that is told', () => {
    expect(changed(since(searched([1_500, 1_520, 1_490, 1_500]), searched([1_000, 1_010, 990, 1_000])))).toEqual([
      expect.stringMatching(/^Monolith, highest rate of GET \/menu \(cached read\): 3900\/s \(990\/s – 1010\/s, n = 4\) then, .* now, 1\.50× \(1\.4\d× to 1\.6\d×\)\.$/),
      expect.stringMatching(/^Microservices, highest rate/),
    ]);
    expect(found(since(searched([1_140, 1_145, 1_140, 1_140]), searched([1_000, 1_010, 990, 1_000])), 'monolith', METRIC)).toMatchObject({ changed: false });
  });

  test('when one of them was searched for once, then it says so and names no change', () => {
    const once = searched(undefined, { ratePerSecond: 2_000, found: 'between' });
    expect(found(since(once, searched(undefined)), 'monolith', METRIC)).toMatchObject({ changed: null, sentence: `Monolith, ${METRIC}: 3900/s then, 2000/s now; one search each, no interval.` });
    expect(found(since(searched([1_000, 1_000, 1_000, 1_000]), once), 'monolith', METRIC)?.sentence).toContain('one search then, 4 searches now: it takes 4 of each to tell');
  });

  test('when a search came to no end, then its bound is told and compared with nothing', () => {
    const bound = searched(undefined, { ratePerSecond: 6_000, found: 'generator' });
    expect(found(since(bound, searched(undefined)), 'monolith', METRIC)).toMatchObject({ changed: null, after: { n: 0 }, ratio: { estimate: 0 }, sentence: `Monolith, ${METRIC}: 3900/s then, 6000/s or more now; the limit was not found both times.` });
  });

  test('when latency at half of it was measured several times, then it is judged, with the rates it was measured at', () => {
    const atHalf = (ms: number, ratePerSecond: number, windows: boolean): Partial<ComparisonReport> => searched(undefined, { atHalf: { ratePerSecond, p50Ms: ms, p99Ms: null, ...(windows && { windows: { p50Ms: figureOf([ms, ms * 1.01, ms, ms * 1.02]), p99Ms: null } }) } });
    const metric = 'median of GET /menu (cached read) at half its highest rate';
    expect(found(since(atHalf(3, 110, true), atHalf(2, 120, true)), 'monolith', metric)).toMatchObject({ changed: true, sentence: expect.stringMatching(/: 2\.0 ms at 120\/s then, 3\.0 ms at 110\/s now, 1\.50× \(/) });
    expect(found(since(atHalf(3, 110, false), atHalf(2, 120, false)), 'monolith', metric)).toMatchObject({ changed: null, sentence: expect.stringContaining('one window each, no interval') });
  });
});

describe('the other sections', () => {
  const { taxes, dial, scaling, changes, isolation, blastRadius } = SAMPLE;

  test.each([
    ['taxes', { taxes: { ...taxes!, cells: taxes!.cells.map((cell) => ({ ...cell, order: cell.messaging === 'postgres' && cell.order !== null ? { ...cell.order, p50Ms: scaled(cell.order.p50Ms, 2) } : cell.order })) } }, ['Monolith with events and tasks over PostgreSQL, median time to place an order', 'Microservices with events and tasks over PostgreSQL, median time to place an order']],
    ['prices', { taxes: { ...taxes!, brokers: taxes!.brokers.map((price, index) => (index === 0 ? { ...price, ratio: { ...price.ratio, pairs: price.ratio.pairs.map((pair) => pair * 2) } } : price)) } }, ['Messages that leave the process, price in CPU of apps and backends for each order']],
    ['dial', { dial: { ...dial!, steps: dial!.steps.map((step) => ({ ...step, order: { ...step.order, loadRssBytes: scaled(step.order.loadRssBytes, 2) } })) } }, ['Gateway+auth | orders+notifications, memory under load', 'Gateway+auth | orders | notifications, memory under load']],
    ['scaling', scaledFirst('scaling', scaling!.rows, ({ cpuMicros }) => ({ cpuMicros: scaled(cpuMicros, 2) })), ['Monolith with 1 × monolith, CPU of GET /orders/:id (database read)']],
    ['changes', scaledFirst('changes', changes!.rows, ({ restartMs }) => ({ restartMs: scaled(restartMs, 2) })), ['Monolith, time to restart monolith']],
    ['isolation', scaledFirst('isolation', isolation!.rows, ({ p99Ms }) => ({ p99Ms: { ...p99Ms, beside: scaled(p99Ms.beside, 2) } })), ['Monolith, p99 of GET /menu (cached read) beside busy notifications']],
  ] satisfies [string, Partial<ComparisonReport>, string[]][])('when a figure of %s is twice what it was, then that is told, once', (_, now, heads) => {
    const told = changed(since(now)).map((sentence) => sentence.split(': '));
    expect(told).toEqual(heads.map((head) => [head, expect.stringMatching(/ then, .* now, 2\.00× \(/)]));
  });

  test('when a journey fails that worked, then that is told as seen once each, and how soon all is well is not judged', () => {
    const now = scaledFirst('blastRadius', blastRadius!.rows, ({ journeys }) => ({ journeys: { ...journeys, order: 'works' as const }, recoveryMs: 90_000 }));
    expect(changed(since(now))).toEqual(['Monolith, order while notifications is killed: fails then, works now (one try each).']);
    expect(found(since(now), 'monolith', 'recovery from notifications killed')).toMatchObject({ changed: null, sentence: expect.stringContaining('900 ms then, 90.00 s now; one try each, no interval') });
  });

  test('when modules share a process, then its restart is told once, and tests once for all brews', () => {
    const [first] = changes!.rows;
    const report = since({ changes: { failures: [], rows: [...changes!.rows, { ...first!, module: 'orders' }] } });
    const metrics = report.changes.filter(({ section }) => section === 'changes').map(({ topology, metric }) => `${topology}: ${metric}`);
    expect(metrics).toEqual([...new Set(metrics)]);
    expect(metrics).toContain('every brew: time for the unit tests of notifications');
  });
});
