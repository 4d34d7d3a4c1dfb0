import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderReportPage } from '../../lab/src/compare/page/report-page.ts';
import { renderMarkdown } from '../../lab/src/compare/report-markdown.ts';
import { ComparisonReport } from '../../lab/src/compare/report-schema.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

test('the comparison under docs is a whole one, in the shape that is published', async () => {
  const report = ComparisonReport.parse(JSON.parse(await read('docs/comparison/compare.json')));
  expect(report.partial).toBeUndefined();
  expect(report.topologies.map(({ name }) => name)).toEqual(['monolith', 'microservices']);
});

test('its page and its Markdown are what the code of today makes of its figures', async () => {
  const report = ComparisonReport.parse(JSON.parse(await read('docs/comparison/compare.json')));
  const remedy = 'write them again: node lab/src/compare/render-again.ts';
  expect(await read('docs/comparison/compare.md'), remedy).toBe(renderMarkdown(report));
  // Not by toBe: the difference of two pages of this length is not for reading.
  expect((await read('docs/comparison/index.html')) === renderReportPage(report), remedy).toBe(true);
});

test('every figure in the README is one of that comparison', async () => {
  const section = /## What the two cost\n([^]*?)\n## /.exec(await read('README.md'))?.[1] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  const measured = (await read('docs/comparison/compare.md')).split('\n');
  expect(rows.length).toBeGreaterThan(8);
  expect(rows.filter((row) => !measured.includes(row))).toEqual([]);
});
