import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ProcessGroup } from '../../topology/parse-topology.ts';
import { programOf } from '../../topology/programs.ts';
import { docker } from '../../containers/docker.ts';
import { IMAGE_TAG } from '../../containers/start-container-shops.ts';
import type { CodeBytes } from '../report-schema.ts';

/** As the bundler writes them: without a parenthesis a file is imported at once, with one when it is needed. */
const IMPORTED_AT_ONCE = /\b(?:from|import)"(\.{1,2}\/[^"]+\.js)"/g;
const IMPORTED = /\b(?:from|import\(?)"(\.{1,2}\/[^"]+\.js)"/g;

/** Bytes of the program of a process, packages in it included; what an older build left beside it does not count. */
export async function codeBytesOf(group: ProcessGroup): Promise<CodeBytes> {
  return codeBytesFrom(join(programOf(group).folder, 'dist', 'main.js'));
}

/** Bytes of a bundle that begins with this file. */
export async function codeBytesFrom(main: string): Promise<CodeBytes> {
  return { start: await bytesReached(main, IMPORTED_AT_ONCE), total: await bytesReached(main, IMPORTED) };
}

async function bytesReached(main: string, imports: RegExp): Promise<number> {
  const files = new Set([main]);
  let bytes = 0;
  // Grows while it is walked.
  for (const file of files) {
    const code = await readFile(file);
    bytes += code.length;
    for (const [, path = ''] of code.toString().matchAll(imports)) files.add(join(dirname(file), path));
  }
  return bytes;
}

/** Bytes of the image of a process, with the base that all share. */
export async function imageBytesOf(group: ProcessGroup): Promise<number> {
  return Number(await docker(['image', 'inspect', '--format', '{{.Size}}', `doubleshot/${group.name}:${IMAGE_TAG}`]));
}
