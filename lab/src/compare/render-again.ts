import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { ComparisonReport } from './report-schema.ts';
import { writeReport } from './write-report.ts';

// A program: writes the page and the Markdown of the comparison under docs anew from its compare.json.
const folder = join(ROOT, 'docs', 'comparison');
await writeReport(ComparisonReport.parse(JSON.parse(await readFile(join(folder, 'compare.json'), 'utf8'))), folder);
