import { setTimeout as sleep } from 'node:timers/promises';

/** Work that kills its process does so soon; what lasts longer keeps the next one waiting no more. */
const LONGEST_TURN_MS = 10_000;

/** Runs one work after another, as long as they are short. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    const over = new AbortController();
    const late = last.then(() => sleep(LONGEST_TURN_MS, undefined, { signal: over.signal, ref: false }));
    last = Promise.race([mine, late]).catch(() => undefined);
    mine.finally(() => { over.abort(); }).catch(() => undefined);
    late.catch(() => undefined);
    return mine;
  };
}
