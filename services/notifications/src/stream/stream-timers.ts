import type { Logger } from '@doubleshot/shared/logging';
import { createPeriodic, type Periodic } from '@doubleshot/shared/runtime';
import type { StreamEventStore } from './stream-event-store.ts';
import type { StreamHub } from './stream-hub.ts';

const HEARTBEAT_INTERVAL_MS = 15_000;
const SWEEP_INTERVAL_MS = 5_000;
const CLEANING_INTERVAL_MS = 600_000;
const CLEANING_BATCH = 5_000;

export interface StreamTimersOptions {
  hub: StreamHub;
  events: StreamEventStore;
  retentionHours: number;
  logger: Logger;
}

/** What streams need now and then: heartbeats, a look for events whose live message was lost, and the deletion of old events. */
export function createStreamTimers({ hub, events, retentionHours, logger }: StreamTimersOptions): readonly Periodic[] {
  const warn = (what: string) => (error: unknown): void => { logger.warn({ err: error }, what); };
  return [
    createPeriodic({ intervalMs: HEARTBEAT_INTERVAL_MS, work: () => { hub.heartbeat(); }, onError: warn('no heartbeat could be sent') }),
    createPeriodic({ intervalMs: SWEEP_INTERVAL_MS, work: () => sweep(hub, events), onError: warn('streams could not be compared with the database') }),
    createPeriodic({ intervalMs: CLEANING_INTERVAL_MS, work: () => clean(events, retentionHours), onError: warn('old stream events could not be deleted') }),
  ];
}

/** Live messages may be lost: one query tells for every connected user whether there is more than was offered. */
export async function sweep(hub: StreamHub, events: StreamEventStore): Promise<void> {
  const userIds = hub.userIds();
  if (userIds.length === 0) return;
  for (const [userId, id] of await events.heads(userIds)) hub.catchUp(userId, id);
}

/** Deletes in batches, so that no statement runs long. */
export async function clean(events: StreamEventStore, retentionHours: number): Promise<void> {
  for (let deleted = CLEANING_BATCH; deleted === CLEANING_BATCH; ) deleted = await events.deleteOlderThan(retentionHours, CLEANING_BATCH);
}
