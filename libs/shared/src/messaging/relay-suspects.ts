import { SUSPECT_DEATHS } from './deaths.ts';
import type { ClaimedRow, OutboxTable } from './outbox-table.ts';
import type { RelayIsolation } from './relay-isolation.ts';

/** A suspect is sent together with few others like it, which narrows down the one that kills. */
const FEW = 8;
/** After so many deaths it is sent alone. */
const ALONE_DEATHS = 3;
const LOOK_EVERY_MS = 500;
/** While there are some: after a few crashes in a row a whole load may be under suspicion, and nobody of it waits for long. */
const LOOK_AGAIN_MS = 20;
/** So long rows are sent alone, one after another; then all others have their turn. */
const ALONE_TURN_MS = 1_000;

/** Deaths up to which a row is sent with all others. */
export const MOST_ORDINARY_DEATHS = SUSPECT_DEATHS - 1;

/** Finds rows whose process died while they were in flight, again and again, and sends them so that the guilty one is found and its neighbours are not blamed. */
export interface RelaySuspects {
  /** Looks now and then; cheap when there are none. */
  look(): Promise<void>;
  /** What was being sent alone goes on; nothing more is begun. */
  stop(): Promise<void>;
}

export interface RelaySuspectsOptions {
  table: OutboxTable;
  isolation: RelayIsolation;
  inFlight(): Iterable<ClaimedRow>;
  /** Sends rows, but for those that are in flight already; answers how many. `settled` is called for each when it was confirmed, or was not. */
  dispatch(rows: readonly ClaimedRow[], settled?: (isConfirmed: boolean) => void): number;
}

export function createRelaySuspects({ table, isolation, inFlight, dispatch }: RelaySuspectsOptions): RelaySuspects {
  const stopping = new AbortController();
  let lookAtMs = 0;
  let alone: Promise<void> | undefined;

  async function sendFew(): Promise<void> {
    const room = FEW - [...inFlight()].filter(({ deaths }) => deaths === SUSPECT_DEATHS).length;
    if (room <= 0 || isolation.closed()) return;
    const leave = isolation.enter();
    try {
      dispatch(await table.claimSuspects({ least: SUSPECT_DEATHS, greatest: SUSPECT_DEATHS, limit: room }));
    } finally {
      leave();
    }
  }

  async function sendAlone(): Promise<void> {
    const untilMs = performance.now() + ALONE_TURN_MS;
    while (performance.now() < untilMs && !stopping.signal.aborted) {
      const rows = await table.claimSuspects({ least: ALONE_DEATHS, greatest: null, limit: 1 });
      if (rows.length === 0) return;
      const isConfirmed = await new Promise<boolean>((resolve) => {
        stopping.signal.addEventListener('abort', () => { resolve(false); }, { once: true });
        if (dispatch(rows, resolve) === 0) resolve(false);
      });
      // Now, and not with the next claim: if the next one kills its process, this one must not be found beside it.
      if (isConfirmed) await table.remove(rows.map(({ id }) => id));
    }
  }

  return {
    look: async () => {
      if (performance.now() < lookAtMs || stopping.signal.aborted) return;
      lookAtMs = performance.now() + LOOK_EVERY_MS;
      if (!(await table.hasSuspects(SUSPECT_DEATHS))) return;
      lookAtMs = performance.now() + LOOK_AGAIN_MS;
      await sendFew();
      if (alone !== undefined || !(await table.hasSuspects(ALONE_DEATHS))) return;
      // When the table cannot be reached the next look tries again.
      alone = isolation.alone(sendAlone, stopping.signal).catch(() => undefined).finally(() => { alone = undefined; });
    },
    stop: async () => {
      stopping.abort();
      await alone;
    },
  };
}
