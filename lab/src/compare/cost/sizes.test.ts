import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { codeBytesFrom } from './sizes.ts';

const FILES = {
  'main.js': 'import{a}from"./parts/a.js";import"./parts/b.js";export const later=()=>import("./parts/late.js");',
  'parts/a.js': 'export*from"./b.js";export const a=1;',
  'parts/b.js': 'import"node:fs";import"../main.js";',
  'parts/late.js': 'import{a}from"./a.js";import"./later-still.js";',
  'parts/later-still.js': 'export default 1;',
  'parts/of-an-older-build.js': 'export default "nobody imports this";',
  'telemetry.js': 'import"./main.js";',
} as const;

let folder: string | undefined;
afterEach(async () => { if (folder !== undefined) await rm(folder, { recursive: true }); });

test('when a bundle is weighed, then what a start reads is told from the whole, and leftovers do not count', async () => {
  folder = await mkdtemp(join(tmpdir(), 'doubleshot-bundle-'));
  await mkdir(join(folder, 'parts'));
  for (const [name, code] of Object.entries(FILES)) await writeFile(join(folder, name), code);
  const bytes = (...names: (keyof typeof FILES)[]): number => names.reduce((sum, name) => sum + FILES[name].length, 0);
  const start = bytes('main.js', 'parts/a.js', 'parts/b.js');
  expect(await codeBytesFrom(join(folder, 'main.js'))).toEqual({ start, total: start + bytes('parts/late.js', 'parts/later-still.js') });
});
