import { outsideTraces } from './tracing.ts';

/** What this process writes wakes the relay: polls find what another one wrote or left behind. */
const SHORTEST_POLL_MS = 50;
const LONGEST_POLL_MS = 500;
/** Confirmations wait this long for company before they are written. */
const LINGER_MS = 1;
const FAULT_PAUSE_MS = 200;

/** What a look at the table found: as much as is taken at once, less, nothing; or it could not be reached. */
export type Look = 'full' | 'some' | 'nothing' | 'failed';

export interface RelayLoopOptions {
  /** Never two at a time; must not reject. */
  look: () => Promise<Look>;
  /** Asked after each look: the next is no later. */
  longestWaitMs: () => number;
}

/** Decides when a relay looks at its table: when it is woken, and between that at growing intervals. */
export interface RelayLoop {
  start(): void;
  /** Looks at once, or once more after the look that goes on. */
  wake(): void;
  /** Wakes in a moment, once for many calls. */
  wakeSoon(): void;
  /** Resolves when the look that goes on is over; there is no other. Idempotent. */
  stop(): Promise<void>;
}

export function createRelayLoop({ look, longestWaitMs }: RelayLoopOptions): RelayLoop {
  let open = false;
  let running: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let lingering: NodeJS.Timeout | undefined;
  let pollMs = SHORTEST_POLL_MS;

  function wake(): void {
    if (!open) return;
    pollMs = SHORTEST_POLL_MS;
    if (running === undefined) run();
    else again = true;
  }

  function run(): void {
    clearTimeout(timer);
    running = outsideTraces(looks).finally(() => { running = undefined; });
  }

  async function looks(): Promise<void> {
    let found: Look;
    do {
      again = false;
      found = await look();
    } while (open && (found === 'full' || (again && found !== 'failed')));
    if (open) timer = setTimeout(run, Math.min(waitMsAfter(found), longestWaitMs()));
  }

  function waitMsAfter(found: Look): number {
    if (found === 'failed') return FAULT_PAUSE_MS;
    pollMs = found === 'nothing' ? Math.min(pollMs * 2, LONGEST_POLL_MS) : SHORTEST_POLL_MS;
    return pollMs;
  }

  return {
    start: () => {
      open = true;
      wake();
    },
    wake,
    wakeSoon: () => {
      if (!open || lingering !== undefined) return;
      lingering = setTimeout(() => {
        lingering = undefined;
        wake();
      }, LINGER_MS);
    },
    stop: async () => {
      open = false;
      clearTimeout(timer);
      clearTimeout(lingering);
      await running;
    },
  };
}
