import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPORT_FOLDER } from '../paths.ts';
import { renderWaterfallPage } from './waterfall-page.ts';
import type { BrewTrace } from './waterfall-text.ts';

/** Writes `trace.html` of the latest report; answers its path. */
export async function writeTracePage(traces: readonly BrewTrace[], orderIds: readonly string[]): Promise<string> {
  await mkdir(REPORT_FOLDER, { recursive: true });
  const path = join(REPORT_FOLDER, 'trace.html');
  await writeFile(path, renderWaterfallPage(traces, orderIds));
  return path;
}
