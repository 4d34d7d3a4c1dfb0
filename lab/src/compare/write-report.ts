import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderMarkdown } from './report-markdown.ts';
import { renderReportPage } from './page/report-page.ts';
import type { ComparisonReport } from './report-schema.ts';

export interface WrittenReport {
  report: ComparisonReport;
  htmlPath: string;
  jsonPath: string;
  markdownPath: string;
}

/** Writes `index.html`, `compare.json` and, for pull requests, `compare.md`. */
export async function writeReport(report: ComparisonReport, folder: string): Promise<WrittenReport> {
  await mkdir(folder, { recursive: true });
  const [htmlPath, jsonPath, markdownPath] = ['index.html', 'compare.json', 'compare.md'].map((name) => join(folder, name)) as [string, string, string];
  await writeFile(jsonPath, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(markdownPath, renderMarkdown(report));
  await writeFile(htmlPath, renderReportPage(report));
  return { report, htmlPath, jsonPath, markdownPath };
}
