import { setTimeout as sleep } from 'node:timers/promises';
import { watchStreams, type StreamWatch } from '../../audit/stream-watch.ts';
import { p99, percentile } from '../statistics.ts';
import { bucketsOf } from './latency-histogram.ts';
import type { GeneratorResult } from './generator-protocol.ts';

export type JourneyResult = NonNullable<GeneratorResult['notified']>;

/** Times orders from the moment the POST was due to the notification on their customer's stream. */
export interface JourneyClock {
  opened(): Promise<void>;
  /** Both by `performance.now()` of this process. */
  placed(orderId: string, dueAt: number): void;
  /** Notes how many orders wait for their notification now. */
  note(moment: 'middle' | 'end'): void;
  /** Waits until each order placed was notified, `deadlineMs` at most. */
  finish(deadlineMs: number): Promise<JourneyResult>;
}

const POLL_MS = 20;

export function createJourneyClock(baseUrl: string, customers: readonly { id: string; token: string }[]): JourneyClock {
  const due = new Map<string, number>();
  const notified = new Map<string, number>();
  const backlog = { middle: 0, end: 0 };
  const streams: StreamWatch = watchStreams({
    baseUrl,
    customers: customers.map(({ id, token }) => ({ id, email: '', token: () => Promise.resolve(token) })),
    from: 'now',
    onEvent: (event, receivedAt) => {
      if (event.told === 'notification' && !notified.has(event.orderId)) notified.set(event.orderId, receivedAt);
    },
  });
  return {
    opened: () => streams.opened(),
    placed: (orderId, dueAt) => { due.set(orderId, dueAt); },
    note: (moment) => { backlog[moment] = due.size - notified.size; },
    async finish(deadlineMs) {
      const begin = performance.now();
      const missing = (): string[] => [...due.keys()].filter((id) => !notified.has(id));
      while (missing().length > 0 && performance.now() - begin < deadlineMs) await sleep(POLL_MS);
      await streams.close();
      return { backlog, ...journeysOf(due, notified, performance.now()) };
    },
  };
}

/** From the moment each order was due; one that nobody was told of until `endedAt` counts as the slowest, and as long as was waited for it. */
export function journeysOf(due: ReadonlyMap<string, number>, notified: ReadonlyMap<string, number>, endedAt: number): Omit<JourneyResult, 'backlog'> {
  const told = [...due].flatMap(([id, dueAt]) => (notified.has(id) ? [(notified.get(id) ?? 0) - dueAt] : []));
  const waited = [...due].flatMap(([id, dueAt]) => (notified.has(id) ? [] : [endedAt - dueAt]));
  const slowest = percentile(told, 1);
  const times = [...told, ...waited.map((ms) => Math.max(ms, slowest))];
  return { count: told.length, missing: waited.length, p50Ms: percentile(times, 0.5), p99Ms: p99(times), maxMs: percentile(times, 1), buckets: bucketsOf(times) };
}
