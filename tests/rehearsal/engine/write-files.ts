import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { guardFolder } from '../../../lab/src/backends/watchdog.ts';
import type { PlannedPod } from '../plan/planned-pod.ts';

const FOR_ALL = 0o755;

/** Files that pods mount by themselves, on this machine. */
export interface WrittenFiles {
  pathOf(pod: PlannedPod, volume: string, file: string): string;
  remove(): Promise<void>;
}

export async function writeFiles(pods: readonly PlannedPod[]): Promise<WrittenFiles> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'doubleshot-rehearsal-')));
  const release = guardFolder(folder);
  await chmod(folder, FOR_ALL);
  const pathOf: WrittenFiles['pathOf'] = (pod, volume, file) => join(folder, pod.name, volume, file);
  for (const pod of pods) {
    for (const { volume, file } of [...pod.initContainers, pod.container].flatMap(({ mounts }) => mounts)) {
      const found = pod.volumes.find(({ name }) => name === volume)?.files.find(({ path }) => path === file);
      if (file === undefined || found === undefined) continue;
      const path = pathOf(pod, volume, file);
      await mkdir(dirname(path), { recursive: true, mode: FOR_ALL });
      await writeFile(path, found.content);
      await chmod(path, found.mode);
    }
  }
  return {
    pathOf,
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      release();
    },
  };
}
