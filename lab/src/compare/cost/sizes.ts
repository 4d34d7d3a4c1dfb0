import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessGroup } from '../../topology/parse-topology.ts';
import { programOf } from '../../topology/programs.ts';
import { docker } from '../../containers/docker.ts';
import { IMAGE_TAG } from '../../containers/start-container-shops.ts';

/** Bytes of the file that the program of a process begins with, packages in it included; without the parts that it loads after that. */
export async function bundleBytesOf(group: ProcessGroup): Promise<number> {
  const folder = join(programOf(group).folder, 'dist');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Bytes of the image of a process, with the base that all share. */
export async function imageBytesOf(group: ProcessGroup): Promise<number> {
  return Number(await docker(['image', 'inspect', '--format', '{{.Size}}', `doubleshot/${group.name}:${IMAGE_TAG}`]));
}
