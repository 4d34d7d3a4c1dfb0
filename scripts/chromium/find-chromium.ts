import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { readEnvironment } from '../../lab/src/environment.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** Path of the first Chromium on the PATH, if it starts. */
export function findChromium(): Promise<string | undefined> {
  const folders = (readEnvironment()['PATH'] ?? '').split(delimiter);
  const path = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
  return new Promise((resolve) => {
    if (path === undefined) resolve(undefined);
    else execFile(path, ['--version'], (error) => { resolve(error === null ? path : undefined); });
  });
}
