import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from '../../../lab/src/containers/docker.ts';
import type { RunningContainer } from './running-container.ts';

const EVERY_MS = 500;
const MIB_IN: Readonly<Record<string, number>> = { B: 1 / 1_048_576, KiB: 1 / 1_024, MiB: 1, GiB: 1_024 };
const USED = /^(\w+) ([\d.]+)(\w+) \//;

export interface MemoryWatch {
  /** The most that was seen of each container, in MiB and without files that the system may forget, by its host. */
  stop(): Promise<ReadonlyMap<string, number>>;
}

/** Looks at the memory of containers again and again. */
export function watchMemory(containers: readonly RunningContainer[]): MemoryWatch {
  const most = new Map<string, number>();
  let stopped = false;
  const look = async (): Promise<void> => {
    const output = await docker(['stats', '--no-stream', '--format', '{{.ID}} {{.MemUsage}}', ...containers.map(({ id }) => id)]);
    for (const line of output.trim().split('\n')) {
      const [, host = '', amount = '', unit = ''] = USED.exec(line) ?? [];
      const used = Number(amount) * (MIB_IN[unit] ?? Number.NaN);
      if (Number.isNaN(used)) throw new Error(`the engine tells of memory in a way that is not known: ${line}`);
      most.set(host, Math.max(most.get(host) ?? 0, used));
    }
  };
  const watching = (async (): Promise<void> => {
    do {
      await look();
      if (!stopped) await sleep(EVERY_MS);
    } while (!stopped);
  })();
  // Whoever stops it hears of a failure.
  watching.catch(() => undefined);
  return {
    stop: async () => {
      stopped = true;
      await watching;
      return most;
    },
  };
}
