import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

export interface RetryOptions {
  signal: AbortSignal;
  /** Called after each failure; throws to give up. */
  onFailure: (error: unknown) => void;
}

/** Runs `work` again and again, with growing pauses up to 2 s, until it resolves. Rejects when `signal` aborts or `onFailure` throws. */
export async function retryUntilDone<T>(work: () => Promise<T>, { signal, onFailure }: RetryOptions): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      onFailure(error);
    }
    await sleep(pauseMs, undefined, { signal });
  }
}
