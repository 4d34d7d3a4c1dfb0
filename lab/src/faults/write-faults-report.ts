import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readVersions } from '../audit/versions.ts';
import { REPORT_FOLDER, ROOT } from '../paths.ts';
import { renderFaultsPage } from './faults-page.ts';
import type { FaultResult } from './run-faults.ts';

export interface FaultsReport {
  backends: string;
  seeds: readonly number[];
  rate: number;
  full: boolean;
  results: readonly FaultResult[];
}

/** Writes `faults.json` and `faults.html` of the latest report; answers the path of the page. */
export async function writeFaultsReport(report: FaultsReport, command: string): Promise<string> {
  await mkdir(REPORT_FOLDER, { recursive: true });
  const whole = { writtenAt: new Date().toISOString(), command, versions: await readVersions(ROOT), ...report };
  await writeFile(join(REPORT_FOLDER, 'faults.json'), `${JSON.stringify(whole, undefined, 2)}\n`);
  const page = join(REPORT_FOLDER, 'faults.html');
  await writeFile(page, renderFaultsPage(whole));
  return page;
}
