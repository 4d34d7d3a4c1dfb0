import { setTimeout as sleep } from 'node:timers/promises';

/** How work is paced: `rate` per second whatever the answers do (open loop), or as fast as `concurrency` at once allow (closed loop). */
export type Pace = { rate: number } | { concurrency: number };

export interface PacedRun {
  pace: Pace;
  /** Ends after this many… */
  count?: number;
  /** …or after this time, whichever comes first. */
  durationMs?: number;
  signal?: AbortSignal;
  /** `intendedAt` is when it should have begun, by `performance.now()`: latency counts from there, or a slow server would hide its own queue. */
  work: (index: number, intendedAt: number) => Promise<void>;
}

/** Runs work at a pace; resolves when all that was begun has ended. */
export async function runPaced(run: PacedRun): Promise<void> {
  if (run.count === undefined && run.durationMs === undefined) throw new TypeError('a paced run needs a count or a duration');
  await ('rate' in run.pace ? openLoop(run, run.pace.rate) : closedLoop(run, run.pace.concurrency));
}

async function openLoop(run: PacedRun, rate: number): Promise<void> {
  const begin = performance.now();
  const { count = Infinity, durationMs = Infinity } = run;
  const last = Math.min(count, Math.ceil((durationMs / 1000) * rate));
  const running: Promise<void>[] = [];
  for (let index = 0; index < last && run.signal?.aborted !== true; index += 1) {
    const intendedAt = begin + (index / rate) * 1000;
    const early = intendedAt - performance.now();
    if (early > 1) await sleep(early, undefined, { ...(run.signal === undefined ? {} : { signal: run.signal }) }).catch(() => undefined);
    running.push(run.work(index, intendedAt));
  }
  await Promise.all(running);
}

async function closedLoop(run: PacedRun, concurrency: number): Promise<void> {
  const begin = performance.now();
  const { count = Infinity, durationMs = Infinity } = run;
  let index = 0;
  const worker = async (): Promise<void> => {
    while (index < count && performance.now() - begin < durationMs && run.signal?.aborted !== true) {
      await run.work(index++, performance.now());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
