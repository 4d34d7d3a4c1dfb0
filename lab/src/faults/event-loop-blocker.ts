import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'event-loop-blocker-preload.ts')).href;

/** Keeps the event loop of a process busy. */
export interface EventLoopBlocker {
  /** The process must be started with these; they cost it next to nothing while it is not blocked. */
  readonly variables: Readonly<Record<string, string>>;
  /** From now on it is busy so long, and again so long after it began. */
  block(order: { busyMs: number; everyMs: number }): Promise<void>;
  /** It goes on as if nothing had been, at once. */
  release(): Promise<void>;
}

/** `folder`: where the lab tells the process. */
export function createEventLoopBlocker(folder: string, processName: string): EventLoopBlocker {
  const order = join(folder, `${processName.replaceAll(/\W+/g, '-')}.order`);
  return {
    variables: { NODE_OPTIONS: `--import ${PRELOAD}`, EVENT_LOOP_ORDER: order },
    block: async ({ busyMs, everyMs }) => {
      // Never seen half written.
      await writeFile(`${order}.new`, `${busyMs} ${everyMs}`);
      await rename(`${order}.new`, order);
    },
    release: () => rm(order, { force: true }),
  };
}
