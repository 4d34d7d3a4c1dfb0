import { setTimeout as sleep } from 'node:timers/promises';
import type { Leftover } from './observation.ts';
import { readPipes, type OpsTarget, type PipeLevels } from './pipes.ts';

const POLL_MS = 250;
/** A message may be between two pipes when one is read before the other: it takes several empty looks in a row. */
const EMPTY_LOOKS = 3;

export interface DrainOptions {
  deadlineMs: number;
  /** Messages that may still move: none unless told. */
  most?: number;
  onProgress?: (waiting: number) => void;
}

/** Waits until nothing moves any more in the shop's pipes, or no more than `most` messages; answers what is left behind at the end, parked messages included. */
export async function drain(processes: readonly OpsTarget[], { deadlineMs, most = 0, onProgress }: DrainOptions): Promise<Leftover[]> {
  const begin = performance.now();
  let empty = 0;
  for (;;) {
    const levels = await readPipes(processes);
    const moving = levels.moving.reduce((sum, { count }) => sum + count, 0);
    empty = moving <= most && levels.silent.length === 0 ? empty + 1 : 0;
    if (empty >= EMPTY_LOOKS) return [...levels.parked];
    if (performance.now() - begin > deadlineMs) return leftovers(levels);
    onProgress?.(moving);
    await sleep(POLL_MS);
  }
}

function leftovers(levels: PipeLevels): Leftover[] {
  return [...levels.moving, ...levels.parked, ...levels.silent.map((name) => ({ where: `process ${name} does not tell of its pipes`, count: 1 }))];
}
