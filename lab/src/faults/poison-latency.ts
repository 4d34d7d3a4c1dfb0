import type { ObservedStreamEvent } from '../audit/observation.ts';
import { createLatencyRecorder, type LatencySummary } from '../load/latency.ts';

/** Of the orders that were sent in peace, and of those among poison. */
export interface Phases<T> {
  undisturbed: T;
  poisoned: T;
}

/** How long it took from sending an order until its customer was told on the stream. */
export interface NotifiedLatency {
  /** Orders that are sent from now on are sent among poison. */
  poisoned(): void;
  /** Times by `performance.now()`. */
  sent(orderId: string, sentAt: number): void;
  told(event: ObservedStreamEvent, receivedAt: number): void;
  summary(): Phases<LatencySummary>;
}

export function createNotifiedLatency(): NotifiedLatency {
  const sentAtOf = new Map<string, number>();
  // An order may be told about before its answer is in.
  const toldAtOf = new Map<string, number>();
  let poisonedFrom = Infinity;
  return {
    poisoned: () => { poisonedFrom = performance.now(); },
    sent: (orderId, sentAt) => { sentAtOf.set(orderId, sentAt); },
    told: ({ told, orderId }, receivedAt) => { if (told === 'notification') toldAtOf.set(orderId, receivedAt); },
    summary: () => {
      const recorders = { undisturbed: createLatencyRecorder(), poisoned: createLatencyRecorder() };
      for (const [orderId, sentAt] of sentAtOf) {
        const toldAt = toldAtOf.get(orderId);
        if (toldAt !== undefined) recorders[sentAt < poisonedFrom ? 'undisturbed' : 'poisoned'].record(toldAt - sentAt);
      }
      return { undisturbed: recorders.undisturbed.summary(), poisoned: recorders.poisoned.summary() };
    },
  };
}
