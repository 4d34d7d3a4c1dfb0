import type { ObservedStreamEvent } from '../audit/observation.ts';
import type { Attempt } from './journey.ts';

/** Later than this is as good as never for who waits at the counter. */
const TOLD_WITHIN_MS = 5_000;

/** How a backlog went. */
export interface Drain {
  /** Until every order that was accepted before was announced; infinite while one is not. */
  afterMs: number;
  /** Orders announced meanwhile for each that was accepted meanwhile. */
  times: number;
}

/** Follows each accepted order to the moment it is announced. */
export interface ToldRecorder {
  accepted(orderId: string, at: number): void;
  event(event: ObservedStreamEvent, receivedAt: number): void;
  /** One for each order accepted so far. */
  attempts(): Attempt[];
  /** Orders accepted so far. */
  count(): number;
  /** From then to the first announcement of an order that was accepted after it; infinite when none came. */
  againAfterMs(moment: number): number;
  /** What became of the orders that waited then. */
  drainFrom(moment: number): Drain;
}

export function createToldRecorder(): ToldRecorder {
  const accepted = new Map<string, number>();
  const told = new Map<string, number>();
  return {
    accepted: (orderId, at) => { if (!accepted.has(orderId)) accepted.set(orderId, at); },
    event: ({ orderId, told: what }, receivedAt) => { if (what === 'notification' && !told.has(orderId)) told.set(orderId, receivedAt); },
    count: () => accepted.size,
    againAfterMs: (moment) => [...accepted].filter(([, at]) => at >= moment).reduce((first, [orderId]) => Math.min(first, told.get(orderId) ?? Infinity), Infinity) - moment,
    drainFrom: (moment) => {
      const waited = [...accepted].filter(([, at]) => at < moment).map(([orderId]) => told.get(orderId) ?? Infinity);
      const drainedAt = waited.reduce((latest, at) => Math.max(latest, at), moment);
      const meanwhile = (times: Iterable<number>): number => [...times].filter((at) => at >= moment && at <= drainedAt).length;
      return { afterMs: drainedAt - moment, times: meanwhile(told.values()) / Math.max(1, meanwhile(accepted.values())) };
    },
    attempts: () =>
      [...accepted].map(([orderId, startedAt]) => {
        // It may be announced before the answer is here.
        const endedAt = Math.max(startedAt, told.get(orderId) ?? Infinity);
        return { journey: 'told', startedAt, endedAt: Math.min(endedAt, performance.now()), ok: endedAt - startedAt <= TOLD_WITHIN_MS, answer: endedAt === Infinity ? 'never' : 'late' };
      }),
  };
}
