import type { ObservedStreamEvent } from '../audit/observation.ts';
import { createLatencyRecorder, type LatencySummary } from '../load/latency.ts';

/** Of the first orders, which find cold processes; of those in peace; and of those among poison. */
export interface Phases<T> {
  warmingUp: T;
  undisturbed: T;
  poisoned: T;
}

/** How long it took from sending an order until its customer was told on the stream. */
export interface NotifiedLatency {
  /** Orders that are sent from now on find a warm shop. */
  warm(): void;
  /** Orders that are told about from now on are told among poison, whenever they were sent: poison may have delayed them. */
  poisoned(): void;
  /** Times by `performance.now()`. */
  sent(orderId: string, sentAt: number): void;
  told(event: ObservedStreamEvent, receivedAt: number): void;
  summary(): Phases<LatencySummary>;
}

export function createNotifiedLatency(now = (): number => performance.now()): NotifiedLatency {
  const sentAtOf = new Map<string, number>();
  // An order may be told about before its answer is in.
  const toldAtOf = new Map<string, number>();
  let [warmFrom, poisonedFrom] = [Infinity, Infinity];

  function phaseOf(sentAt: number, toldAt: number): keyof Phases<unknown> {
    if (toldAt >= poisonedFrom) return 'poisoned';
    return sentAt < warmFrom ? 'warmingUp' : 'undisturbed';
  }

  return {
    warm: () => { warmFrom = now(); },
    poisoned: () => { poisonedFrom = now(); },
    sent: (orderId, sentAt) => { sentAtOf.set(orderId, sentAt); },
    told: ({ told, orderId }, receivedAt) => { if (told === 'notification' && !toldAtOf.has(orderId)) toldAtOf.set(orderId, receivedAt); },
    summary: () => {
      const recorders = { warmingUp: createLatencyRecorder(), undisturbed: createLatencyRecorder(), poisoned: createLatencyRecorder() };
      for (const [orderId, sentAt] of sentAtOf) {
        const toldAt = toldAtOf.get(orderId);
        if (toldAt !== undefined) recorders[phaseOf(sentAt, toldAt)].record(toldAt - sentAt);
      }
      return { warmingUp: recorders.warmingUp.summary(), undisturbed: recorders.undisturbed.summary(), poisoned: recorders.poisoned.summary() };
    },
  };
}
