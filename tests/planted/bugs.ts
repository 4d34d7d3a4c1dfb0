import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mailer } from '@doubleshot/shared/mail';
import { UnroutableError, uuidV7, type EventLog, type TaskQueue } from '@doubleshot/shared/messaging';
import {
  deliverTwice,
  emailQueueComesLate,
  failsNowAndThen,
  nameOf,
  override,
  placesAnOrder,
  slowAnswers,
  slowCommits,
  slowMailServer,
  wrapDatabase,
  wrapHandlers,
  type Fault,
} from './faults.ts';

const HANDLED_AFTER_MS = 400;
const SENT_AFTER_MS = 400;
const RECORDED_AFTER_MS = 300;
const QUEUE_LATE_MS = 1_000;
const BETWEEN_READ_AND_WRITE_MS = 60;
const NAIVE_BATCH = 100;

/** What the shop must bear, and what is broken in it on purpose. */
export interface Plot {
  orders?: Fault[];
  notifications?: Fault[];
}

/** Acknowledges a message before its effect is committed: a crash in between loses it. */
const ackBeforeCommit: Fault = (deps) =>
  wrapHandlers(deps, (handler) => (delivery) => {
    void sleep(HANDLED_AFTER_MS).then(() => handler(delivery));
    return Promise.resolve({ kind: 'done' });
  });

/** Statements that record a message in the inbox with its effect; the id of the message is their second parameter. */
const RECORDING = new Set(['notifications.tell-order-fact', 'notifications.store-notification', 'notifications.mark-email-sent']);
const MESSAGE_ID = 1;

/** Never remembers what was handled. */
const noInbox: Fault = ({ database }) => ({
  database: wrapDatabase(database, (sql, statement, values = []) => {
    if (nameOf(statement) === 'notifications.inbox.seen') return Promise.resolve([]);
    return sql.query(statement, RECORDING.has(nameOf(statement)) ? values.with(MESSAGE_ID, uuidV7()) : values);
  }),
});

/** Takes a confirm for a delivery, as a publisher does that listens to no returns. */
const noReturnHandler: Fault = ({ taskQueue }) => ({
  taskQueue: override<TaskQueue>(taskQueue, {
    send: (exchange, messages) =>
      taskQueue.send(exchange, messages).catch((error: unknown) => {
        if (!(error instanceof UnroutableError)) throw error;
      }),
  }),
});

/** Remembers the greatest id it saw, and asks for greater ones only. */
const idAfterLastSeen: Fault = ({ database }) => {
  let last = 0;
  return {
    database: wrapDatabase(database, async (sql, statement, values) => {
      if (nameOf(statement) !== 'orders.outbox.claim') return sql.query(statement, values);
      await sql.query('DELETE FROM orders.outbox WHERE id = ANY($1::bigint[])', [values?.[0]]);
      const rows = await sql.query<{ id: string }>('SELECT *, 1 AS attempts FROM orders.outbox WHERE id > $1 ORDER BY id LIMIT $2', [last, NAIVE_BATCH]);
      last = Math.max(last, ...rows.map(({ id }) => Number(id)));
      return rows;
    }),
  };
};

/** Reads the stock, thinks, and writes what it worked out: whatever was taken meanwhile is on sale again. */
const nonAtomicStock: Fault = ({ database }) => ({
  database: wrapDatabase(database, async (sql, statement, values = []) => {
    if (!placesAnOrder(statement)) return sql.query(statement, values);
    const lists = values.filter((value): value is unknown[] => Array.isArray(value));
    const ids = lists.find(([first]) => typeof first === 'string') as string[];
    const quantities = lists.find(([first]) => typeof first === 'number') as number[];
    const before = await sql.query<{ id: string; stock: number }>('SELECT id, stock FROM orders.menu_items WHERE id = ANY($1::uuid[])', [ids]);
    await sleep(BETWEEN_READ_AND_WRITE_MS);
    const answer = await sql.query<{ placed: boolean }>(statement, values);
    if (answer[0]?.placed !== true) return answer;
    for (const { id, stock } of before) {
      await sql.query('UPDATE orders.menu_items SET stock = $2 WHERE id = $1', [id, Math.max(0, stock - (quantities[ids.indexOf(id)] ?? 0))]);
    }
    return answer;
  }),
});

/** The relay takes a message for safe, and removes it from the outbox, before it is: a crash in between loses it. */
const marksBeforeConfirm: Fault = ({ eventLog, taskQueue }) => {
  const later = (send: () => Promise<void>): Promise<void> => {
    void sleep(SENT_AFTER_MS).then(send);
    return Promise.resolve();
  };
  return {
    eventLog: override<EventLog>(eventLog, { publish: (topic, messages) => later(() => eventLog.publish(topic, messages)) }),
    taskQueue: override<TaskQueue>(taskQueue, { send: (exchange, messages) => later(() => taskQueue.send(exchange, messages)) }),
  };
};

/** The effect is committed for itself, and the inbox row behind it: after a crash in between, the effect is made again. */
const effectOutsideTransaction: Fault = ({ database }) => ({
  database: wrapDatabase(database, async (sql, statement, values = []) => {
    if (!RECORDING.has(nameOf(statement))) return sql.query(statement, values);
    const message = values.slice(0, MESSAGE_ID + 1);
    const seen = await sql.query('SELECT FROM notifications.inbox WHERE consumer = $1 AND message_id = $2', message);
    if (seen.length > 0) return [];
    const rows = await sql.query(statement, values.with(MESSAGE_ID, uuidV7()));
    await sleep(RECORDED_AFTER_MS);
    await sql.query('INSERT INTO notifications.inbox (consumer, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', message);
    return rows;
  }),
});

/** Each attempt to send an e-mail is another e-mail to whoever gets it. */
const newMessageIdPerAttempt: Fault = ({ mailer }) => ({ mailer: override<Mailer>(mailer, { send: (mail) => mailer.send({ ...mail, id: randomUUID() }) }) });

/** What should come again does not. */
const dropsWhatFails: Fault = (deps) =>
  wrapHandlers(deps, (handler) => async (delivery) => {
    const outcome = await handler(delivery);
    return outcome.kind === 'retry' ? { kind: 'done' } : outcome;
  });

const KEY = 2;

/** Takes every request for a new one, whatever its Idempotency-Key. */
const ignoresKeys: Fault = ({ database }) => ({
  database: wrapDatabase(database, (sql, statement, values = []) => sql.query(statement, placesAnOrder(statement) ? values.with(KEY, randomUUID()) : values)),
});

/** Says that an order cannot be had, and writes it down all the same. */
const writesRefusedOrders: Fault = ({ database }) => ({
  database: wrapDatabase(database, async (sql, statement, values = []) => {
    const answer = await sql.query<{ placed: boolean; alone: boolean; known: boolean }>(statement, values);
    const [row] = answer;
    if (!placesAnOrder(statement) || row?.placed !== false || !row.alone || row.known) return answer;
    const [, customerId, , , id, , , , , items, totalCents, stations, placedAt] = values;
    await sql.query(
      `INSERT INTO orders.orders (id, customer_id, status, version, items, total_cents, stations_left, placed_at, updated_at)
       VALUES ($1, $2, 'placed', 1, $3::jsonb, $4, $5::text[], $6, $6) ON CONFLICT DO NOTHING`,
      [id, customerId, items, totalCents, stations, placedAt],
    );
    return answer;
  }),
});

/** What a shop must bear when it is killed. */
const HARD_TIMES: Required<Plot> = { orders: [slowAnswers], notifications: [slowMailServer, failsNowAndThen] };

function inHardTimes({ orders = [], notifications = [] }: Plot): Plot {
  return { orders: [...HARD_TIMES.orders, ...orders], notifications: [...HARD_TIMES.notifications, ...notifications] };
}

/** Each bug, and beside it the same trial without the bug, which the real shop must pass. */
export const PLOTS: Readonly<Record<string, Plot>> = {
  'deliver-twice': { notifications: [deliverTwice], orders: [deliverTwice] },
  'no-inbox': { notifications: [noInbox, deliverTwice], orders: [deliverTwice] },
  'queue-late': { notifications: [emailQueueComesLate(QUEUE_LATE_MS)] },
  'no-return-handler': { notifications: [emailQueueComesLate(QUEUE_LATE_MS), noReturnHandler] },
  'slow-commits': { orders: [slowCommits] },
  'id-after-last-seen': { orders: [slowCommits, idAfterLastSeen] },
  crash: inHardTimes({}),
  'ack-before-commit': inHardTimes({ notifications: [ackBeforeCommit] }),
  'mark-before-confirm': inHardTimes({ orders: [marksBeforeConfirm] }),
  'effect-outside-transaction': inHardTimes({ notifications: [effectOutsideTransaction] }),
  'new-message-id': inHardTimes({ notifications: [newMessageIdPerAttempt] }),
  'drops-what-fails': inHardTimes({ notifications: [dropsWhatFails] }),
  'ignores-keys': inHardTimes({ orders: [ignoresKeys] }),
  'writes-refused': inHardTimes({ orders: [writesRefusedOrders] }),
  'non-atomic-stock': { orders: [nonAtomicStock] },
};
