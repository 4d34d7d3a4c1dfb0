import { describe, expect, test } from 'vitest';
import { SECTIONS, type ComparisonReport } from '../report-schema.ts';
import { MICROSERVICES_SPANS, MONOLITH_SPANS } from '../../trace/sample-spans.ts';
import { figureOf } from '../statistics.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { renderReportPage } from './report-page.ts';

const NONE = figureOf([]);
const page = renderReportPage(sampleReport());

/** Only what no report is without, and of it as little as there can be. */
function bareReport(): ComparisonReport {
  const sample = sampleReport();
  const { taxes: _1, dial: _2, blastRadius: _3, scaling: _4, changes: _5, isolation: _6, since: _7, trace: _8, ...rest } = sample;
  const nothing = { ratePerSecond: 0, seconds: 0, requests: 0, errors: 0, dropped: 0, throughput: NONE, p50Ms: NONE, p99Ms: null, latency: { n: 0, quantiles: [] } };
  return {
    ...rest,
    commands: {},
    rounds: [],
    saturation: [],
    verdicts: [],
    topologies: sample.topologies.map((topology) => ({
      name: topology.name,
      processes: topology.processes.map(({ name, modules }) => ({ name, modules, idleRssBytes: NONE, loadRssBytes: NONE, startupMs: NONE })),
      ...{ startupMs: NONE, idleRssBytes: NONE, loadRssBytes: NONE, perOrder: { spans: NONE, logLines: NONE }, pricePerMillionOrders: null },
      paths: { read: nothing, databaseRead: nothing, order: nothing, notified: nothing, login: nothing },
    })),
  };
}

function idsOf(markup: string): string[] {
  return [...markup.matchAll(/<section id="([a-z-]+)"/gu)].map(([, id]) => id ?? '');
}

describe('what is on the page', () => {
  test('when all was measured, then every section is there, in the contents, too', () => {
    expect(idsOf(page)).toEqual(['verdict', 'saturation', 'cpu', 'latency', 'memory', 'start-up', 'weight', 'taxes', 'dial', 'blast-radius', 'isolation', 'scaling', 'changes', 'choice', 'price', 'since', 'trace', 'method']);
    for (const id of idsOf(page)) expect(page).toContain(`<a href="#${id}">`);
  });

  test('when something was not measured, then its section is absent, not empty', () => {
    const bare = renderReportPage(bareReport());
    expect(idsOf(bare)).toEqual(['verdict', 'method']);
    expect(bare).toContain('No brew can be named ahead');
    expect(bare).not.toMatch(/undefined|NaN|Infinity|\[object/u);
  });

  test('when only images were weighed, then nothing is said of code', () => {
    expect(page).toContain('code that a start of all processes reads: main.js and its imports');
    const sample = sampleReport();
    const topologies = sample.topologies.map(({ codeBytes: _, ...topology }) => ({ ...topology, imageBytes: 300_000_000 }));
    const inContainers = renderReportPage({ ...sample, topologies });
    expect(inContainers).toContain('<th scope="row">images of all processes</th><td class="number">286.1 MiB</td>');
    expect(inContainers).not.toContain('main.js');
  });

  test('when an order was traced in each brew, then every span and the network tax are on the page itself', () => {
    expect(page.match(/<details class="span/gu)).toHaveLength(MONOLITH_SPANS.length + MICROSERVICES_SPANS.length);
    expect(page).toContain('<h3>from the request to its answer</h3>');
    expect(page).toContain('<th scope="row">network tax</th>');
    expect(page).not.toContain('<iframe');
  });

  test('when no span of an order came, then the page says of which brew and why', () => {
    const without = renderReportPage({ ...sampleReport(), trace: { orders: [], missing: ['monolith: no span of its order came'] } });
    expect(without).toContain('No trace of monolith: no span of its order came.');
    expect(without).not.toContain('show database statements');
  });

  test('when the report is partial, then that is said before anything else, with what is missing', () => {
    const partial = renderReportPage({ ...sampleReport(), partial: { reason: 'ended by SIGINT', missing: ['taxes', 'dial'] } });
    expect(partial).toContain('This report is not whole:</strong> ended by SIGINT. What is in it holds. Missing: taxes, dial.');
    expect(partial.indexOf('not whole')).toBeLessThan(partial.indexOf('id="verdict"'));
    expect(page).not.toContain('not whole');
  });

  test('when there is an earlier report, then what changed is told, and every figure then and now is in a table of its section', () => {
    const { changes, turns = [], differences = [] } = sampleReport().since!;
    for (const { sentence } of changes.filter(({ changed }) => changed === true)) expect(page).toContain(`<li>${sentence}</li>`);
    for (const { sentence } of turns.filter(({ before, after }) => before !== after)) expect(page).toContain(`<li>${sentence}</li>`);
    for (const difference of differences) expect(page).toContain(`<li>${difference}</li>`);
    for (const { metric, topology } of changes) expect(page).toContain(`<tr><th scope="row">${metric}</th><td class="text">${topology.replaceAll('>', '&gt;')}</td>`);
    for (const title of ['Costs and latency', 'Highest rates', 'Two taxes', 'The dial', 'More of a process', 'A change in one module']) expect(page).toContain(`<summary>${title}, then and now</summary>`);
    expect(page).toContain('one search then, 4 searches now: it takes 4 of each to tell');
  });

  test('when an older report told of its passes alone, then they are drawn as they were', () => {
    const { section: _, unit: __, ...change } = sampleReport().since!.changes[0]!;
    const older = renderReportPage({ ...sampleReport(), since: { measuredAt: '2026-11-22T03:04:05.000Z', changes: [change] } });
    expect(older).toContain('<summary>Costs and latency, then and now</summary>');
    expect(older).not.toMatch(/undefined|NaN|Infinity|\[object/u);
  });

  test('when it is read, then every verdict, warning and void window is told, with how to measure it again', () => {
    const report = { ...sampleReport(), warnings: ['the machine was busy'] };
    const warned = renderReportPage(report);
    for (const { sentence } of report.verdicts) expect(warned).toContain(sentence);
    expect(warned).toContain('the machine was busy');
    expect(warned).toContain('strangers used 0.41 of a core, more than 0.20');
    for (const section of SECTIONS) expect(warned).toContain(report.commands[section] ?? report.command);
  });
});

describe('what is drawn', () => {
  test('when the sample is drawn, then no coordinate is missing', () => {
    expect(page).not.toMatch(/undefined|NaN|Infinity|\[object/u);
    expect(page.match(/<figure class="chart">/gu)).toHaveLength(5 * 2 + 4 + 5);
  });

  test('when no rate held and nothing could be fitted, then what was tried is drawn all the same', () => {
    const sample = sampleReport();
    const saturation = sample.saturation.map((one) => ({
      ...one,
      probes: one.probes.slice(0, 1).map((probe) => ({ ...probe, p99Ms: null, holds: false, broke: 'too many errors' })),
      closedLoop: { points: one.closedLoop?.points.slice(0, 1) ?? [], fit: null },
      knee: { ratePerSecond: null, found: 'below' as const, failedAtRatePerSecond: 1, atHalf: null },
    }));
    const bounded = renderReportPage({ ...sample, saturation });
    expect(bounded).toContain('held it at no rate tried');
    expect(bounded).toContain('no: too many errors');
    expect(bounded).not.toMatch(/undefined|NaN|Infinity|\[object/u);
  });

  test('when a window is void, then it is in the table with its reason, and its figures are in no chart', () => {
    const saturation = sampleReport().saturation.filter(({ path, topology }) => path === 'read' && topology === 'monolith');
    const drawn = (report: ComparisonReport): string[] => renderReportPage(report).match(/<svg[^]*?<\/svg>/gu) ?? [];
    const without = saturation.map((one) => ({ ...one, probes: one.probes.filter((probe) => probe.void === undefined), closedLoop: { fit: one.closedLoop?.fit ?? null, points: one.closedLoop?.points.filter((point) => point.void === undefined) ?? [] } }));
    expect(without[0]?.probes).toHaveLength(saturation[0]!.probes.length - 1);
    expect(without[0]?.closedLoop.points).toHaveLength(saturation[0]!.closedLoop!.points.length - 1);
    expect(drawn({ ...sampleReport(), saturation })).toEqual(drawn({ ...sampleReport(), saturation: without }));
    expect(renderReportPage({ ...sampleReport(), saturation })).toContain('void: the load generator used 0.84 of its core');
  });

  test('when a knee was searched for once, then windows and rates are counted as they were, and half of it is told with n = 1', () => {
    const sample = sampleReport();
    const saturation = sample.saturation.filter(({ path }) => path === 'order').map((one) => {
      const failed = one.probes.find(({ holds }) => holds === false)!;
      return { ...one, probes: [...one.probes, failed], knee: { ...one.knee, searches: undefined, atHalf: { ratePerSecond: 110, p50Ms: 4, p99Ms: null } } };
    });
    const once = renderReportPage({ ...sample, saturation });
    expect(once).toContain('held it up to 220/s (not 224/s); 1 search, 10 windows at 9 rates. At half of it: p50 4.0 ms, p99 too few (n = 1 window).');
    expect(once).not.toContain('tried once');
  });

  test('when a knee was searched for several times, then it has n, least and most, as has latency at half of it', () => {
    expect(page).toMatch(/held it up to 220\/s \(not 224\/s\), from 216\/s to 224\/s \(n = 4\); 4 searches, 9 windows at 9 rates\. At half of it: p50 \S+ ms \(\S+ ms – \S+ ms\), p99 \S+ ms \(\S+ ms – \S+ ms\) \(n = 4 windows\)\./u);
  });

  test('when every window is void, then no empty chart is drawn', () => {
    const saturation = sampleReport().saturation.map((one) => ({
      ...one,
      probes: one.probes.map((probe) => ({ ...probe, holds: null, broke: null, void: 'others were busy' })),
      closedLoop: { fit: null, points: one.closedLoop?.points.map((point) => ({ ...point, void: 'others were busy' })) ?? [] },
      knee: { ratePerSecond: null, found: 'disturbed' as const, failedAtRatePerSecond: null, atHalf: null },
    }));
    const bare = renderReportPage({ ...sampleReport(), saturation });
    expect(bare).toContain('held it at no rate tried: of the next, no window counts; ');
    expect(bare).not.toMatch(/undefined|NaN|Infinity|\[object/u);
  });

  test('when a process was scaled, then its rate and what each core added gives are told with n, least and most', () => {
    expect(page).toContain('1710/s (1659/s – 1778/s, n = 4)');
    expect(page).toContain('1240/s (1203/s – 1290/s, n = 4)');
    expect(page).toContain('no rate without 7 cores');
  });

  test('when a figure rests on too few answers or on one value, then no spread is made up', () => {
    const sample = sampleReport();
    const topologies = sample.topologies.map((topology) => ({ ...topology, startupMs: figureOf([640]) }));
    const once = renderReportPage({ ...sample, topologies });
    expect(once).toContain('640 ms <small>n = 1</small>');
    expect(once).toContain('too few');
  });
});

describe('what it may do', () => {
  test('when it is opened, then it fetches nothing, runs nothing and may connect to nothing', () => {
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\/|<script|@import|url\(/u);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).not.toContain('script-src');
  });

  test('when a text of the report holds markup, then it stays text', () => {
    const sample = sampleReport();
    const hostile = renderReportPage({ ...sample, command: '<b>"fast" & cheap</b>', environment: { ...sample.environment, cpu: '<script>alert(1)</script>' } });
    expect(hostile).toContain('&lt;b&gt;&quot;fast&quot; &amp; cheap&lt;/b&gt;');
    expect(hostile).not.toContain('<script');
  });
});
