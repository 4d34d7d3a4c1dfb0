import { attemptDelivery } from './attempt-delivery.ts';
import type { Drain } from './drain.ts';
import type { Delivery, DeliveryHandler, Outcome } from './message.ts';

/** A message in a lane. */
export interface LaneEntry {
  /** Entries of equal lane are handled one after another. */
  lane: string;
  delivery: Omit<Delivery, 'signal' | 'attempt'>;
  attempt: number;
  /** Asked before each attempt: when false, the entry is dropped unsettled. */
  live(): boolean;
  /** Called once, with what became of it. When it rejects the entry is tried to be settled again. */
  settle(outcome: Exclude<Outcome, { kind: 'retry' }>, attempts: number): Promise<void>;
}

/** Handles messages of different keys at once and those of one key in order, retries in place. */
export interface KeyedLanes {
  add(entry: LaneEntry): void;
  /** Drops what has not begun. */
  clear(): void;
}

const SETTLE_AGAIN_MS = 200;

export function createKeyedLanes({ concurrency, handler, drain }: { concurrency: number; handler: DeliveryHandler; drain: Drain }): KeyedLanes {
  const lanes = new Map<string, LaneEntry[]>();
  let ready: string[] = [];
  let running = 0;
  let scheduled = false;
  const timers = new Set<NodeJS.Timeout>();
  drain.closing.addEventListener('abort', () => { for (const timer of timers) clearTimeout(timer); }, { once: true });

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(pump);
  }

  function pump(): void {
    scheduled = false;
    while (running < concurrency && !drain.closing.aborted) {
      const lane = ready.shift();
      if (lane === undefined) return;
      const entry = lanes.get(lane)?.[0];
      if (entry === undefined) continue;
      running += 1;
      void drain.track(attempt(entry));
    }
  }

  async function attempt(entry: LaneEntry): Promise<void> {
    if (!entry.live()) {
      running -= 1;
      next(entry);
      return;
    }
    const outcome = await attemptDelivery(handler, { ...entry.delivery, attempt: entry.attempt, signal: drain.signal });
    if (outcome.kind !== 'retry') await settle(entry, outcome);
    running -= 1;
    if (outcome.kind !== 'retry') {
      next(entry);
      return;
    }
    if (outcome.counts !== false) entry.attempt += 1;
    const timer = setTimeout(() => {
      timers.delete(timer);
      ready.push(entry.lane);
      schedule();
    }, outcome.delayMs);
    timers.add(timer);
    schedule();
  }

  async function settle(entry: LaneEntry, outcome: Exclude<Outcome, { kind: 'retry' }>): Promise<void> {
    while (entry.live()) {
      try {
        await entry.settle(outcome, entry.attempt);
        return;
      } catch {
        if (drain.signal.aborted) return;
        await new Promise((resolve) => setTimeout(resolve, SETTLE_AGAIN_MS));
      }
    }
  }

  function next(entry: LaneEntry): void {
    const lane = lanes.get(entry.lane);
    if (lane?.[0] === entry) {
      lane.shift();
      if (lane.length === 0) lanes.delete(entry.lane);
      else ready.push(entry.lane);
    }
    schedule();
  }

  return {
    add: (entry) => {
      const lane = lanes.get(entry.lane);
      if (lane !== undefined) {
        lane.push(entry);
        return;
      }
      lanes.set(entry.lane, [entry]);
      ready.push(entry.lane);
      schedule();
    },
    clear: () => {
      lanes.clear();
      ready = [];
    },
  };
}
