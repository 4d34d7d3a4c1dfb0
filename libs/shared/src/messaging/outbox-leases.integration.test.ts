import { OrderReady, TOPICS } from '@doubleshot/contracts';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../../../tests/setup/eventually.ts';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { createDatabase, type Database } from '../database/index.ts';
import { gate } from './contract/recorder.ts';
import { createInProcessEventLog } from './in-process/in-process-event-log.ts';
import { createInProcessTaskQueue } from './in-process/in-process-task-queue.ts';
import { createOutbox, OUTBOX_MIGRATION, outboxEvent, uuidV7, type EventLog, type OutboxRow, type RelayedOutbox, type TaskQueue } from './index.ts';

const logger = pino({ level: 'silent' });
/** What is told here does not depend on how busy the machine is. */
const PATIENT_MS = 30_000;
const SCHEMA = 'orders';
let database: Database;
let inProcessLog: EventLog;
let taskQueue: TaskQueue;
let outboxes: RelayedOutbox[];

beforeEach(async () => {
  database = createDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: 'leases-test', logger, acquireTimeoutMs: PATIENT_MS, statementDeadlineMs: PATIENT_MS });
  await database.migrate(SCHEMA, [OUTBOX_MIGRATION]);
  inProcessLog = createInProcessEventLog({ drainDeadlineMs: 200 });
  await inProcessLog.declare([TOPICS.orders]);
  taskQueue = createInProcessTaskQueue({ logger, drainDeadlineMs: 200 });
  outboxes = [];
});

afterEach(async () => {
  await Promise.all(outboxes.map((outbox) => outbox.close()));
  await Promise.all([inProcessLog.close(), taskQueue.close()]);
  await database.close();
});

function openOutbox(eventLog: EventLog, over: Database = database): RelayedOutbox {
  const outbox = createOutbox({ database: over, schema: SCHEMA, eventLog, taskQueue, logger, metrics: new Registry() });
  outboxes.push(outbox);
  return outbox;
}

/** A durable log whose answers the test gives. */
function logThat(publish: (ids: string[]) => Promise<void>): EventLog {
  return { ...inProcessLog, features: { ...inProcessLog.features, durable: true }, publish: (_topic, messages) => publish(messages.map(({ id }) => id)) };
}

/** The database, but claims of rows are answered as late as the test wants. */
function databaseThat(answer: () => Promise<void>): Database {
  const query: Database['query'] = async <Row extends object>(...[statement, ...rest]: Parameters<Database['query']>) => {
    const rows = await database.query<Row>(statement, ...rest);
    if (typeof statement === 'object' && statement.name === `${SCHEMA}.outbox.claim`) await answer();
    return rows;
  };
  return { ...database, query };
}

function ready(): OutboxRow {
  const orderId = uuidV7();
  return outboxEvent(OrderReady, { source: '/test', subject: orderId, data: { orderId, customerId: uuidV7(), version: 1, at: new Date().toISOString() } });
}

const letLeasesLapse = async (): Promise<void> => {
  // What PostgreSQL being away for longer than the lease does.
  await database.query(`UPDATE ${SCHEMA}.outbox SET claimed_until = now() - interval '1 second'`);
};
const leasesAreTakenUp = async (): Promise<boolean> => (await database.query(`SELECT 1 FROM ${SCHEMA}.outbox WHERE claimed_until < now()`)).length === 0;
const left = async (): Promise<number> => (await database.query(`SELECT 1 FROM ${SCHEMA}.outbox`)).length;

test('rows whose lease lapses while they are in flight are sent once, and their lane recovers from later failures', async () => {
  const published: string[] = [];
  const held = gate();
  let away = false;
  const outbox = openOutbox(logThat(async (ids) => {
    published.push(...ids);
    if (away) throw new Error('connection refused');
    await held.opened;
  }));
  outbox.start();
  await outbox.add(database, [ready(), ready()]);
  outbox.wake();
  await eventually(() => published.length === 2, 'both are in flight');
  await letLeasesLapse();
  outbox.wake();
  await eventually(leasesAreTakenUp, 'their lease is taken up again');
  held.open();
  await eventually(async () => (await left()) === 0, 'both are confirmed');
  expect(published).toHaveLength(2);
  away = true;
  const later = ready();
  await outbox.add(database, [later]);
  outbox.wake();
  await eventually(() => published.filter((id) => id === later.messageId).length === 2, 'the send fails twice');
  away = false;
  await eventually(async () => (await left()) === 0, 'the lane sends again', 10_000);
});

test('a row that is confirmed while its lapsed lease is being taken up again is sent once', async () => {
  const published: string[] = [];
  const held = gate();
  const answered = gate();
  let answer = Promise.resolve();
  const outbox = openOutbox(logThat(async (ids) => {
    published.push(...ids);
    await held.opened;
  }), databaseThat(() => answer));
  outbox.start();
  await outbox.add(database, [ready()]);
  outbox.wake();
  await eventually(() => published.length === 1, 'it is in flight');
  answer = answered.opened;
  await letLeasesLapse();
  outbox.wake();
  await eventually(leasesAreTakenUp, 'its lease is taken up again');
  held.open();
  // The confirmation is known before the answer to the claim is.
  setImmediate(() => { answered.open(); });
  await eventually(async () => (await left()) === 0, 'it is confirmed');
  expect(published).toHaveLength(1);
});
