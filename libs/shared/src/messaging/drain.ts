/** How long handlers get after their signal was aborted. */
const ABORT_GRACE_MS = 250;

/** Lets running work finish when a subscription closes. */
export interface Drain {
  /** Aborted when the drain deadline is over. */
  readonly signal: AbortSignal;
  /** Aborted as soon as closing begins: ends waits that are not work. */
  readonly closing: AbortSignal;
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when the tracked work has ended, or shortly after the deadline (the drain's own unless told). Idempotent: the first call sets it. */
  close(withinMs?: number): Promise<void>;
}

export function createDrain(deadlineMs: number): Drain {
  const deadline = new AbortController();
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;

  async function close(withinMs: number): Promise<void> {
    closing.abort();
    if (running.size === 0) return;
    if (await endsWithin(running, withinMs)) return;
    deadline.abort();
    await endsWithin(running, ABORT_GRACE_MS);
  }

  return {
    signal: deadline.signal,
    closing: closing.signal,
    track: (work) => {
      running.add(work);
      const forget = (): void => { running.delete(work); };
      work.then(forget, forget);
      return work;
    },
    close: (withinMs = deadlineMs) => (closed ??= close(withinMs)),
  };
}

async function endsWithin(work: Iterable<Promise<unknown>>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => { timer = setTimeout(() => { resolve(false); }, ms); });
  try {
    return await Promise.race([Promise.allSettled(work).then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
