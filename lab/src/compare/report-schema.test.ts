import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { comparisonJsonSchema, ComparisonReport, SECTIONS } from './report-schema.ts';
import { sampleReport } from './testing/sample-report.ts';

test('when the sample is read, then it is a report, with every section and nothing that the schema does not know', () => {
  const sample = sampleReport();
  expect(ComparisonReport.parse(sample)).toEqual(sample);
  expect(Object.keys(sample)).toEqual(expect.arrayContaining(SECTIONS.filter((section) => section !== 'comparison')));
  expect(sample.rounds.some((round) => round.void !== null)).toBe(true);
});

test('when the sample is written and read again, then nothing is lost', () => {
  expect(JSON.parse(JSON.stringify(sampleReport()))).toEqual(sampleReport());
});

test('when its schema is published, then the published one is that of the code', async () => {
  const published = JSON.parse(await readFile(join(import.meta.dirname, '../../compare.schema.json'), 'utf8')) as unknown;
  expect(published, 'write it again: node lab/src/compare/write-schema.ts').toEqual(comparisonJsonSchema());
});
