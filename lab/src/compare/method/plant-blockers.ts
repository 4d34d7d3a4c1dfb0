import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEventLoopBlocker, type EventLoopBlocker } from '../../faults/event-loop-blocker.ts';
import type { Undo } from '../../topology/undo.ts';
import type { OpenBrew } from '../open-brews.ts';
import type { MeasuredProcess } from './measured-shop.ts';

/** By the name of the process. */
export type Blockers = ReadonlyMap<string, EventLoopBlocker>;

/** Starts processes of a brew on embedded parts again, each with a way to block it. They start without one after `undo`, before which all are released. */
export async function plantBlockers({ embedded }: Pick<OpenBrew, 'embedded'>, processes: readonly MeasuredProcess[], undo: Undo): Promise<Blockers> {
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-blockers-'));
  undo.add(() => rm(folder, { recursive: true, force: true }));
  return new Map(
    await Promise.all(
      processes.map(async (process) => {
        const blocker = createEventLoopBlocker(folder, process.name);
        embedded?.give(process.name, blocker.variables);
        undo.add(() => Promise.resolve(embedded?.give(process.name, {})));
        await process.restart();
        return [process.name, blocker] as const;
      }),
    ),
  );
}
