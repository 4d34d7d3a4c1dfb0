import { expect, test } from 'vitest';
import { renderComparisonTable } from './comparison-table.ts';
import { renderMarkdown } from './report-markdown.ts';
import { sampleReport } from './testing/sample-report.ts';

const SAMPLE = sampleReport();

test('when a report is told in Markdown, then it has what differs, a column for each brew, and how to measure again', () => {
  const text = renderMarkdown(SAMPLE);
  expect(text).toContain('| median (least – most) | monolith | microservices |');
  expect(text).toContain('- Microservices needs 1.62× the CPU time of the apps alone for each order');
  expect(text).not.toContain('No winner');
  expect(text).toContain('highest rate of POST /orders (with all that follows) | 220/s (216/s – 224/s, n = 4) | 150/s (147/s – 153/s, n = 4) |');
  expect(text).toContain('Measure again: `npx doubleshot compare --full --seed 7`');
  expect(text).not.toMatch(/undefined|NaN|null|\[object/);
});

test('when CPU time, bytes and the generator were measured, then the tables have them, and what was not weighed has no row', () => {
  const rows = renderMarkdown(SAMPLE).split('\n');
  expect(rows).toContain('| CPU with backends of POST /orders (with all that follows) | 10.0 ms (9700 µs – 10.4 ms) | 19.4 ms (18.8 ms – 20.1 ms) |');
  expect(rows).toContain('| bytes sent / received of POST /auth/login (password hashing) | 330 B (320 B – 343 B) / 1.9 KiB (1.9 KiB – 2.0 KiB) | 330 B (320 B – 343 B) / 1.9 KiB (1.9 KiB – 2.0 KiB) |');
  expect(rows).toContain('| code that a start reads / all code | 411.1 KiB / 822.3 KiB | 724.1 KiB / 1.4 MiB |');
  expect(rows).toContain('| GET /menu (cached read) | 0.21 (0.20 – 0.22) |');
  expect(rows.filter((row) => row.startsWith('| images'))).toEqual([]);
});

test('when a highest rate was searched for once, then text and table say so, and give no spread', () => {
  const once = { ...SAMPLE, saturation: SAMPLE.saturation.map((each) => ({ ...each, knee: { ...each.knee, searches: undefined } })) };
  expect(renderMarkdown(once)).toContain('highest rate of POST /orders (with all that follows) (one search) | 220/s | 150/s |');
  expect(renderComparisonTable(once)).toContain('highest rate that holds the objective (one search)');
  expect(renderComparisonTable(SAMPLE)).not.toContain('(one search)');
});

test('when there is an earlier report, then text and table say what changed, which rates too few searches were made for, and what was not the same', () => {
  const lines = [
    'Not the same: Node 24.20.0 then, 24.21.0 now.',
    /^\d+ of \d+ figures changed beyond the noise of both; \d+ have too few values to tell; 2 of 2\d journeys, and rates kept up with, are not as they were\.$/,
    /^Monolith, memory under load: .* then, .* now, 1\.50× \(.*\)\.$/,
    'Monolith, all code: 840976 B then, 842000 B now.',
    /^Monolith, highest rate of POST \/orders \(with all that follows\): .* now, 0\.50× \(.*\)\.$/,
    'Microservices, read the menu while notifications is killed: fails then, works now (one try each).',
    'Monolith, highest rate of POST /auth/login (password hashing): 38/s then, 38/s (37/s – 39/s, n = 4) now; one search then, 4 searches now: it takes 4 of each to tell.',
  ];
  for (const [text, bullet] of [[renderMarkdown(SAMPLE).replaceAll('\\', ''), '- '], [renderComparisonTable(SAMPLE), '• ']] as const) {
    const told = text.split('\n').filter((line) => line.startsWith(bullet)).map((line) => line.slice(bullet.length));
    for (const line of lines) expect(told).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
  }
});

test('when nothing changed since the earlier report, then text and table say so', () => {
  const same = { ...SAMPLE, since: { measuredAt: SAMPLE.measuredAt, differences: [], turns: [], changes: SAMPLE.since!.changes.filter(({ changed }) => changed === false) } };
  for (const text of [renderMarkdown(same), renderComparisonTable(same)]) expect(text).toMatch(/^[-•] Nothing has changed beyond the noise, of \d+ figures\.$/m);
});

test('when a name means something in Markdown, then it is written as it is', () => {
  const text = renderMarkdown({ ...SAMPLE, environment: { ...SAMPLE.environment, cpu: 'a|b *c*' } });
  expect(text).toContain(String.raw`a\|b \*c\*`);
});

test('when a report is partial, then text and table say so and name what is missing', () => {
  const partial = { ...SAMPLE, partial: { reason: 'it was ended before its time', missing: ['saturation', 'start-up'] } };
  expect(renderMarkdown(partial)).toContain('**Not whole:** it was ended before its time. Missing: saturation, start-up.');
  expect(renderComparisonTable(partial)).toContain('! not whole: it was ended before its time; missing: saturation, start-up');
});

test('when a change in one module was timed, then text and table say what it sets going', () => {
  const line = 'notifications of microservices: build 230 ms (223 ms – 239 ms), tests 8.10 s (7.86 s – 8.42 s), restart of notifications 560 ms (543 ms – 582 ms).';
  expect(renderMarkdown(SAMPLE)).toContain(`- ${line}`);
  expect(renderComparisonTable(SAMPLE)).toContain(`• ${line}`);
});

test('when a process was scaled, then the text says what it bears, alone and for each core added, with n and spread, or why not', () => {
  const text = renderMarkdown(SAMPLE);
  expect(text).toContain('microservices with 1 × gateway, 1 × auth, 2 × orders, 1 × notifications, GET /orders/:id (database read): 1710/s (1659/s – 1778/s, n = 4), 1240/s (1203/s – 1290/s, n = 4) for each core added;');
  expect(text).toContain('no rate without 7 cores;');
  expect(renderMarkdown({ ...SAMPLE, environment: { ...SAMPLE.environment, cores: 8 } })).toContain('no rate: the load generator or the link was at its limit;');
});

test('when knees, taxes and prices were measured, then the table has them', () => {
  const table = renderComparisonTable(SAMPLE);
  for (const text of ['highest rate that holds the objective', 'two taxes', 'the dial', 'a million orders', 'spans / log lines']) expect(table).toContain(text);
  expect(table).not.toMatch(/undefined|NaN|null|\[object/);
});
