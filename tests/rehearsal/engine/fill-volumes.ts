import { docker } from '../../../lab/src/containers/docker.ts';
import type { PlannedVolume } from '../plan/volumes.ts';
import { nodeScript } from './node-container.ts';

/** Reads folders with their files and makes them, as root: rights and groups are as they will be seen. */
const FILL = `
  import { chmodSync, chownSync, writeFileSync } from 'node:fs';
  import { text } from 'node:stream/consumers';
  const own = (path, group, mode) => { chownSync(path, 0, group); chmodSync(path, mode); };
  for (const { folder, group, mode, files } of JSON.parse(await text(process.stdin))) {
    for (const { path, content, mode } of files) { writeFileSync(folder + '/' + path, content); own(folder + '/' + path, group, mode); }
    own(folder, group, mode);
  }
`;

export interface NamedVolume extends PlannedVolume {
  /** In the container engine. */
  source: string;
}

/** Makes volumes as pods find them. Their content goes by the standard input: Secrets are among it. */
export async function fillVolumes(volumes: readonly NamedVolume[], label: string): Promise<void> {
  const folderOf = (index: number): string => `/volumes/${index}`;
  const mounts = volumes.map(({ source }, index) => `--mount=type=volume,src=${source},dst=${folderOf(index)},volume-nocopy,volume-label=${label}`);
  const input = JSON.stringify(volumes.map(({ group, mode, files }, index) => ({ folder: folderOf(index), group, mode, files })));
  await docker(['run', '--rm', '--interactive', '--network=none', '--user=0:0', `--label=${label}`, ...mounts, ...nodeScript(FILL)], { input });
}
