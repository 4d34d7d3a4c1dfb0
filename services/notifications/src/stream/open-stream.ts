import type { openStream } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import type { Handler } from '@doubleshot/shared/http';
import type { Logger } from '@doubleshot/shared/logging';
import type { Counter } from 'prom-client';
import { createBoundedWriter } from './bounded-writer.ts';
import { createStreamConnection } from './stream-connection.ts';
import type { StreamEventStore } from './stream-event-store.ts';
import type { StreamHub } from './stream-hub.ts';

/** Longest delay a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface OpenStreamDeps {
  hub: StreamHub;
  events: StreamEventStore;
  slowClients: Counter;
  logger: Logger;
}

/** GET /stream. The connection takes part in the hub before the database is asked where the stream begins, so that nothing falls between. */
export function createOpenStream({ hub, events, slowClients, logger }: OpenStreamDeps): Handler<typeof openStream> {
  return async ({ principal: { userId, expiresAt }, headers, signal, raw: { response } }) => {
    const connection = createStreamConnection({
      userId,
      writer: createBoundedWriter(response, { onSlowClient: () => { slowClients.inc(); } }),
      readAfter: (id, limit) => events.after(userId, id, limit),
      onReadError: (error) => { logger.warn({ err: error }, 'stream events could not be read; the stream reads again'); },
    });
    const remove = hub.add(connection);
    response.once('close', remove);
    try {
      const head = await events.head(userId);
      const lastEventId = headers['last-event-id'];
      // An id that was never given out would hide what comes next.
      const fromId = lastEventId === undefined ? head : Math.min(Number(lastEventId), head);
      if (signal.aborted || !connection.open(fromId, head)) throw new ProblemError('unavailable', 'The service is closing; open the stream again.');
    } catch (error) {
      remove();
      throw error;
    }
    const expiry = setTimeout(() => { connection.end(); }, Math.min(expiresAt.getTime() - Date.now(), MAX_TIMER_MS)).unref();
    response.once('close', () => { clearTimeout(expiry); });
    return 'streamed';
  };
}
