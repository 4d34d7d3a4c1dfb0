import { ProblemError } from '@doubleshot/shared/errors';

const RETRY_AFTER_SECONDS = '1';

/** Runs a bounded number of jobs at once and lets a bounded number wait, first come first served. */
export interface BoundedQueue {
  /**
   * Runs `job` when its turn comes. Rejects with `overloaded` and Retry-After when too many wait already,
   * or when `signal` is aborted before its turn: nobody is left to hear the answer.
   */
  run<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  waiting(): number;
}

export function createBoundedQueue({ concurrency, queueLimit }: { concurrency: number; queueLimit: number }): BoundedQueue {
  const waiters = new Set<() => void>();
  let running = 0;

  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        waiters.delete(begin);
        signal?.removeEventListener('abort', leave);
        running += 1;
        resolve();
      };
      const leave = (): void => {
        waiters.delete(begin);
        reject(tooBusy('the client went away while its request waited'));
      };
      if (signal?.aborted === true) leave();
      else if (running < concurrency) begin();
      else if (waiters.size >= queueLimit) reject(tooBusy('too many passwords are being checked'));
      else {
        waiters.add(begin);
        signal?.addEventListener('abort', leave, { once: true });
      }
    });

  return {
    run: async (job, signal) => {
      await turn(signal);
      try {
        return await job();
      } finally {
        running -= 1;
        const [next] = waiters;
        next?.();
      }
    },
    waiting: () => waiters.size,
  };
}

function tooBusy(detail: string): ProblemError {
  return new ProblemError('overloaded', detail, { headers: { 'Retry-After': RETRY_AFTER_SECONDS } });
}
