import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Database } from '../database/index.ts';
import type { EventLog } from './event-log.ts';
import { messageMetrics } from './message-metrics.ts';
import type { Outbox, OutboxTarget, ParkedRows } from './outbox.ts';
import { createOutboxParked, outboxSource } from './outbox-parked.ts';
import { createOutboxTable } from './outbox-table.ts';
import { createRelay } from './outbox-relay.ts';
import { registerScrapedGauge } from './scraped-gauge.ts';
import type { TaskQueue } from './task-queue.ts';
import { uuidV7 } from './uuid-v7.ts';

const FLUSH_DEADLINE_MS = 4_000;
const FLUSH_LOOK_EVERY_MS = 20;

export interface CreateOutboxOptions {
  database: Database;
  /** The module's schema; {@link OUTBOX_MIGRATION} and {@link OUTBOX_PARKED_MIGRATION} make its tables there. */
  schema: string;
  eventLog: EventLog;
  taskQueue: TaskQueue;
  logger: Logger;
  metrics: Registry;
}

/** An outbox with its relay. */
export interface RelayedOutbox extends Outbox, ParkedRows {
  /** Begins to relay. Start consumers of the same process first: an in-process log confirms at once what no group listens for. */
  start(): void;
  /** Resolves when every row for a durable backend has left, or after 4 s. Rows for in-process adapters stay for the next start. */
  flush(): Promise<void>;
  /** Flushes what was started, then claims no more, waits for confirmations on their way (bounded) and gives back the rest. Idempotent. */
  close(): Promise<void>;
}

/**
 * The outbox of a module and the relay that empties it: at least once, rows of equal event key in the order they were written, also with several relays on one table.
 * A row that cannot be sent is tried for ever with growing pauses up to 5 s, and holds back only later events of its own key. One that no try can help, for it is too large,
 * is parked in the outbox's own table and holds back none.
 * For adapters with `durable: false`, whose consumers die with the relay: a row that six processes died with, three of them while it was alone, is parked.
 */
export function createOutbox({ database, schema, eventLog, taskQueue, logger, metrics }: CreateOutboxOptions): RelayedOutbox {
  const mortal = TARGETS.filter((target) => !(target === 'event' ? eventLog : taskQueue).features.durable);
  const name = uuidV7();
  const table = createOutboxTable({ database, schema, relay: name, mortal });
  const parked = createOutboxParked({ database, schema, relay: name });
  const relay = createRelay({ table, parked, module: schema, eventLog, taskQueue, logger, metrics: messageMetrics(metrics) });
  const depth = (): Promise<{ rows: number; oldestAgeSeconds: number }> => table.depth(TARGETS);
  const module = { module: schema };
  const forgets = [
    registerScrapedGauge(metrics, { name: 'doubleshot_outbox_rows', help: 'Rows waiting in the outbox.', labelNames: ['module'], read: async () => [[module, (await depth()).rows]] }),
    registerScrapedGauge(metrics, {
      name: 'doubleshot_outbox_oldest_age_seconds',
      help: 'Age of the oldest row in the outbox.',
      labelNames: ['module'],
      read: async () => [[module, (await depth()).oldestAgeSeconds]],
    }),
    registerScrapedGauge(metrics, { name: 'doubleshot_outbox_parked', help: 'Rows that the outbox gave up on.', labelNames: ['module'], read: async () => [[module, await parked.count()]] }),
  ];
  let started = false;
  let closed: Promise<void> | undefined;

  async function untilFlushed(): Promise<void> {
    const durable = TARGETS.filter((target) => (target === 'event' ? eventLog : taskQueue).features.durable);
    if (durable.length === 0) return;
    const untilMs = performance.now() + FLUSH_DEADLINE_MS;
    while (performance.now() < untilMs && (await table.depth(durable)).rows > 0) {
      relay.wake();
      await new Promise((resolve) => setTimeout(resolve, FLUSH_LOOK_EVERY_MS));
    }
  }

  async function flush(): Promise<void> {
    // A database that is away keeps its rows; nothing to flush then.
    await untilFlushed().catch((error: unknown) => { logger.warn({ err: error, module: schema }, 'the outbox was not flushed'); });
  }

  async function close(): Promise<void> {
    if (started) await flush();
    await relay.close();
  }

  return {
    add: (sql, rows) => table.insert(sql, rows),
    wake: () => { relay.wake(); },
    depth,
    source: outboxSource(schema),
    parked: parked.list,
    replay: async () => {
      const count = await parked.replay();
      relay.wake();
      return count;
    },
    start: () => {
      started = true;
      relay.start();
    },
    flush,
    close: () => {
      for (const forget of forgets) forget();
      return (closed ??= close());
    },
  };
}

const TARGETS: readonly OutboxTarget[] = ['event', 'task'];
