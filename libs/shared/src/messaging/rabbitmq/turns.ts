/** Work that kills its process does so soon; what lasts longer keeps the next one waiting no more. */
const LONGEST_TURN_MS = 10_000;

/** Runs one work after another, as long as they are short. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    let timer: NodeJS.Timeout | undefined;
    const late = last.then(() => new Promise<void>((resolve) => { timer = setTimeout(resolve, LONGEST_TURN_MS).unref(); }));
    // A failure is the caller's.
    last = Promise.race([mine, late]).catch(() => undefined).finally(() => { clearTimeout(timer); });
    return mine;
  };
}
