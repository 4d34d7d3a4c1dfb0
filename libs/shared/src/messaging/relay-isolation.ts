import { setTimeout as sleep } from 'node:timers/promises';

/** Work that kills its process does so soon: for so long nothing else is sent beside a suspect. */
const ALONE_MS = 10_000;
/** What is in flight gets so long to leave before a suspect comes; what stays longer has shown that it does not kill at once. */
const QUIET_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 5;

/** What the relays of one process agree on, so that a message whose process died several times can be tried alone. */
export interface RelayIsolation {
  /** Whether a suspect is alone, or waits to be: nothing else may be sent. */
  closed(): boolean;
  /** Something is in flight, until the answer is called. */
  enter(): () => void;
  /** Runs `work`, which lasts as long as the suspect is in flight, when nothing else is. Does nothing while another suspect is in flight, or once `stop` aborts. */
  alone(work: () => Promise<void>, stop: AbortSignal): Promise<void>;
}

const byAdapter = new WeakMap<object, RelayIsolation>();

/** Relays that share an in-process adapter share their process. */
export function relayIsolationOf(adapter: object): RelayIsolation {
  let isolation = byAdapter.get(adapter);
  if (isolation === undefined) byAdapter.set(adapter, (isolation = createRelayIsolation()));
  return isolation;
}

function createRelayIsolation(): RelayIsolation {
  let inside = 0;
  let taken = false;
  let shut = false;

  async function quiet(stop: AbortSignal): Promise<void> {
    const untilMs = performance.now() + QUIET_WITHIN_MS;
    while (inside > 0 && performance.now() < untilMs && !stop.aborted) await sleep(LOOK_EVERY_MS);
  }

  return {
    closed: () => shut,
    enter: () => {
      inside += 1;
      return () => { inside -= 1; };
    },
    alone: async (work, stop) => {
      if (taken) return;
      taken = true;
      shut = true;
      let timer: NodeJS.Timeout | undefined;
      try {
        await quiet(stop);
        timer = setTimeout(() => { shut = false; }, ALONE_MS);
        if (!stop.aborted) await work();
      } finally {
        clearTimeout(timer);
        shut = false;
        taken = false;
      }
    },
  };
}
