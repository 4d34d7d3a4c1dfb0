/** Work that is done again and again, one run at a time. */
export interface Periodic {
  /** The first run comes one interval later. Idempotent; does nothing once closed. */
  start(): void;
  /** No run begins any more; waits for a run that is under way. Idempotent. */
  close(): Promise<void>;
}

/** What is done how often. */
export interface PeriodicOptions {
  /** Rest between the end of one run and the beginning of the next, in milliseconds. */
  intervalMs: number;
  /** One run. */
  work: () => unknown;
  /** Called with what a run rejected with or threw; the next run comes all the same. Must not throw. */
  onError: (error: unknown) => void;
}

/** Makes a timer that keeps no process alive, stopped until `start`. Whoever creates it closes it. */
export function createPeriodic({ intervalMs, work, onError }: PeriodicOptions): Periodic {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  async function run(): Promise<void> {
    try {
      await work();
    } catch (error) {
      onError(error);
    }
    schedule();
  }

  function schedule(): void {
    if (closed) return;
    timer = setTimeout(() => { running = run(); }, intervalMs).unref();
  }

  return {
    start: () => {
      if (timer === undefined) schedule();
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
