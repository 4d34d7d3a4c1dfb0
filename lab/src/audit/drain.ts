import { setTimeout as sleep } from 'node:timers/promises';
import type { Leftover } from './observation.ts';
import { readPipes, type OpsTarget, type PipeLevels } from './pipes.ts';

const POLL_MS = 250;
/** A message may be between two pipes when one is read before the other: it takes several empty looks in a row. */
const EMPTY_LOOKS = 3;

export interface DrainOptions {
  deadlineMs: number;
  onProgress?: (waiting: number) => void;
}

/** Waits until nothing moves any more in the shop's pipes; answers what is left behind at the end, parked messages included. */
export async function drain(processes: readonly OpsTarget[], options: DrainOptions): Promise<Leftover[]> {
  const begin = performance.now();
  let empty = 0;
  for (;;) {
    const levels = await readPipes(processes);
    empty = levels.moving.length === 0 && levels.silent.length === 0 ? empty + 1 : 0;
    if (empty >= EMPTY_LOOKS) return [...levels.parked];
    if (performance.now() - begin > options.deadlineMs) return leftovers(levels);
    options.onProgress?.(levels.moving.reduce((sum, { count }) => sum + count, 0));
    await sleep(POLL_MS);
  }
}

function leftovers(levels: PipeLevels): Leftover[] {
  return [...levels.moving, ...levels.parked, ...levels.silent.map((name) => ({ where: `process ${name} does not tell of its pipes`, count: 1 }))];
}
