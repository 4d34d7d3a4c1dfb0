import { setTimeout as sleep } from 'node:timers/promises';
import { UnroutableError, type TaskQueue } from '@doubleshot/shared/messaging';
import { deliverTwice, emailQueueComesLate, nameOf, override, placesAnOrder, slowCommits, wrapDatabase, wrapHandlers, type Fault } from './faults.ts';

const HANDLED_AFTER_MS = 400;
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

/** Never remembers what was handled. */
const noInbox: Fault = ({ database }) => ({
  database: wrapDatabase(database, (sql, statement, values) => {
    if (nameOf(statement) === 'notifications.inbox.record') return Promise.resolve([{ recorded: 1 }]);
    if (nameOf(statement) === 'notifications.inbox.seen') return Promise.resolve([]);
    return sql.query(statement, values);
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

/** Each bug, and beside it the same trial without the bug, which the real shop must pass. */
export const PLOTS: Readonly<Record<string, Plot>> = {
  'deliver-twice': { notifications: [deliverTwice], orders: [deliverTwice] },
  'no-inbox': { notifications: [noInbox, deliverTwice], orders: [deliverTwice] },
  'queue-late': { notifications: [emailQueueComesLate(QUEUE_LATE_MS)] },
  'no-return-handler': { notifications: [emailQueueComesLate(QUEUE_LATE_MS), noReturnHandler] },
  'slow-commits': { orders: [slowCommits] },
  'id-after-last-seen': { orders: [slowCommits, idAfterLastSeen] },
  crash: {},
  'ack-before-commit': { notifications: [ackBeforeCommit] },
  'non-atomic-stock': { orders: [nonAtomicStock] },
};
