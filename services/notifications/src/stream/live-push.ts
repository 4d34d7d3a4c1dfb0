import { EXCHANGES, LivePush, type StreamEvent } from '@doubleshot/contracts';
import { broadcastTask, within, type TaskQueue } from '@doubleshot/shared/messaging';
import { withSpan } from '@doubleshot/shared/telemetry';
import type { Logger } from '@doubleshot/shared/logging';

/** A broadcast that hangs must not hold back the facts behind it: connections find the event in the database. */
const BROADCAST_TIMEOUT_MS = 1_000;

/** Tells every process, after commit, of a stream event. Lossy, never rejects. */
export type PushLive = (userId: string, event: StreamEvent) => Promise<void>;

export function createPushLive({ taskQueue, source, logger }: { taskQueue: TaskQueue; source: string; logger: Logger }): PushLive {
  return async (userId, event) => {
    try {
      await withSpan('push live', { attributes: { 'doubleshot.stream.event': event.event } }, () =>
        within(BROADCAST_TIMEOUT_MS, 'a live push', broadcastTask({ taskQueue, exchange: EXCHANGES.live.name, type: LivePush, source, subject: userId, data: { userId, event } })),
      );
    } catch (error) {
      logger.warn({ err: error }, 'a stream event was not pushed live; connections find it in the database');
    }
  };
}
