/** Work that is repeated: at once after a wake, otherwise at a pace that slows down while there is nothing to do. One run at a time. */
export interface PacedLoop {
  wake(): void;
  /** Resolves when the running turn, if any, has ended; no other follows. Idempotent. */
  stop(): Promise<void>;
}

export interface PacedLoopOptions {
  /** Answers whether there was something to do. What it rejects with goes to `onError`; the loop goes on. */
  turn: () => Promise<boolean>;
  shortestMs: number;
  /** Asked each time: it may depend on whether wakes can be relied on. */
  longestMs: () => number;
  onError: (error: unknown) => void;
}

const AFTER_ERROR_MS = 250;

export function startPacedLoop({ turn, shortestMs, longestMs, onError }: PacedLoopOptions): PacedLoop {
  let pauseMs = shortestMs;
  let stopped = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  function run(): void {
    clearTimeout(timer);
    running = repeat().finally(() => { running = undefined; });
  }

  async function repeat(): Promise<void> {
    for (;;) {
      again = false;
      let waitMs: number;
      try {
        pauseMs = (await turn()) ? shortestMs : Math.min(pauseMs * 2, longestMs());
        waitMs = pauseMs;
      } catch (error) {
        onError(error);
        waitMs = AFTER_ERROR_MS;
        again = false;
      }
      if (stopped) return;
      if (again) continue;
      timer = setTimeout(run, waitMs);
      return;
    }
  }

  run();
  return {
    wake: () => {
      if (stopped) return;
      pauseMs = shortestMs;
      if (running === undefined) run();
      else again = true;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
