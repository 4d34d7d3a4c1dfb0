import { setTimeout as sleep } from 'node:timers/promises';
import { BREWING_QUEUES, BrewTask, EXCHANGES, OrderBrewing, OrderPlaced, OrderReady, TOPICS, type EventType, type Station } from '@doubleshot/contracts';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { createDatabase, type Database } from '../database/index.ts';
import { withSpan } from '../telemetry/with-span.ts';
import { createInProcessEventLog } from './in-process/in-process-event-log.ts';
import { createInProcessTaskQueue } from './in-process/in-process-task-queue.ts';
import {
  consumeEvents,
  consumeTasks,
  createInbox,
  createOutbox,
  INBOX_MIGRATION,
  onEvent,
  OUTBOX_MIGRATION,
  OUTBOX_PARKED_MIGRATION,
  outboxEvent,
  outboxTask,
  recordedOnce,
  uuidV7,
  type EventLog,
  type OutboxRow,
  type RelayedOutbox,
  type TaskQueue,
} from './index.ts';

const spans = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }));

const logger = pino({ level: 'silent' });
/** What is told here does not depend on how busy the machine is. */
const PATIENT_MS = 30_000;
const SCHEMA = 'orders';
/** Records a message, and nothing else. */
const RECORD = { name: 'test.record', text: `WITH ${recordedOnce(SCHEMA)} SELECT message_id FROM recorded` };
let database: Database;
let eventLog: EventLog;
let taskQueue: TaskQueue;
let outboxes: RelayedOutbox[];

beforeEach(async () => {
  database = createDatabase({ url: await createTestDatabase(), poolSize: 8, applicationName: 'outbox-test', logger, acquireTimeoutMs: PATIENT_MS, statementDeadlineMs: PATIENT_MS });
  await database.migrate(SCHEMA, [OUTBOX_MIGRATION, INBOX_MIGRATION, OUTBOX_PARKED_MIGRATION]);
  outboxes = [];
  eventLog = createInProcessEventLog({ drainDeadlineMs: 200 });
  taskQueue = createInProcessTaskQueue({ logger, drainDeadlineMs: 200 });
  await eventLog.declare([TOPICS.orders]);
  await taskQueue.declare({ exchanges: [EXCHANGES.brewing], queues: BREWING_QUEUES });
});

afterEach(async () => {
  await Promise.all(outboxes.map((outbox) => outbox.close()));
  await Promise.all([eventLog.close(), taskQueue.close()]);
  await database.close();
});

function openOutbox(ports: { eventLog?: EventLog; taskQueue?: TaskQueue } = {}): RelayedOutbox {
  const outbox = createOutbox({ database, schema: SCHEMA, eventLog: ports.eventLog ?? eventLog, taskQueue: ports.taskQueue ?? taskQueue, logger, metrics: new Registry() });
  outboxes.push(outbox);
  return outbox;
}

function change(type: EventType, orderId: string, version: number): OutboxRow {
  return outboxEvent(type as typeof OrderReady, { source: '/test', subject: orderId, data: { orderId, customerId: uuidV7(), version, at: new Date().toISOString() } });
}

function brew(station: Station): OutboxRow {
  const orderId = uuidV7();
  return outboxTask(BrewTask, { source: '/test', subject: orderId, data: { orderId, station, drinks: 1 }, exchange: 'brewing', routingKey: station });
}

const settled = async (outbox: RelayedOutbox): Promise<void> => {
  await expect.poll(async () => (await outbox.depth()).rows, { timeout: 20_000, interval: 10 }).toBe(0);
};

/** After so long without work the relay looks again by itself in 450 ms; what is sent well before that was sent because it was woken. */
const IDLE_MS = 750;
const POLL_AWAY_MS = 300;

test('rows written in a transaction reach their consumers after a wake, without waiting for a poll, and the outbox is empty', async () => {
  const handled: string[] = [];
  const metrics = new Registry();
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderReady, async ({ data }) => { handled.push(data.orderId); await Promise.resolve(); })], logger, metrics });
  await consumeTasks({ taskQueue, queue: 'brewing.espresso', type: BrewTask, prefetch: 4, handler: async ({ data }) => { handled.push(data.orderId); await Promise.resolve(); }, logger, metrics });
  const outbox = openOutbox();
  outbox.start();
  await settled(outbox);
  const hops: number[] = [];
  for (let n = 1; n <= 5; n++) {
    await sleep(IDLE_MS);
    const event = change(OrderReady, uuidV7(), 1);
    await database.transaction((transaction) => outbox.add(transaction, [event, brew('espresso')]));
    const startedMs = performance.now();
    outbox.wake();
    await expect.poll(() => handled.length, { interval: 1, timeout: 10_000 }).toBe(2 * n);
    hops.push(performance.now() - startedMs);
  }
  await settled(outbox);
  expect(hops.sort((one, other) => one - other)[2]).toBeLessThan(POLL_AWAY_MS);
});

test('a row that rolls back is never sent', async () => {
  const outbox = openOutbox();
  outbox.start();
  await expect(database.transaction(async (transaction) => {
    await outbox.add(transaction, [change(OrderReady, uuidV7(), 1)]);
    throw new Error('no');
  })).rejects.toThrow('no');
  expect((await outbox.depth()).rows).toBe(0);
});

test('data that does not match the schema is refused before it is written', () => {
  expect(() => outboxEvent(OrderPlaced, { source: '/test', subject: uuidV7(), data: {} as never })).toThrow();
});

test('three relays on one table: every event once, in order per key', async () => {
  const seen = new Map<string, number[]>();
  const inbox = createInbox({ database, schema: SCHEMA, metrics: new Registry() });
  const note = async ({ data, id }: { id: string; data: { orderId: string; version: number } }): Promise<void> => {
    if ((await inbox.once('g', id, RECORD, [])) !== undefined) seen.set(data.orderId, [...(seen.get(data.orderId) ?? []), data.version]);
  };
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderBrewing, note)], logger, metrics: new Registry() });
  const all = [openOutbox(), openOutbox(), openOutbox()];
  for (const outbox of all) outbox.start();
  const orders = Array.from({ length: 20 }, uuidV7);
  for (let version = 1; version <= 10; version++) {
    await database.transaction(async (transaction) => {
      for (const orderId of orders) await all[0]?.add(transaction, [change(OrderBrewing, orderId, version)]);
    });
    for (const outbox of all) outbox.wake();
  }
  await settled(openOutbox());
  expect([...seen.values()]).toEqual(orders.map(() => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
});

test('a relay that dies between publish and delete: another sends the row again when the lease is over, and the inbox keeps the effect single', async () => {
  const inbox = createInbox({ database, schema: SCHEMA, metrics: new Registry() });
  let delivered = 0;
  let effects = 0;
  const count = async ({ id }: { id: string }): Promise<void> => {
    delivered += 1;
    if ((await inbox.once('g', id, RECORD, [])) !== undefined) effects += 1;
  };
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderReady, count)], logger, metrics: new Registry() });
  const event = change(OrderReady, uuidV7(), 1);
  const outbox = openOutbox();
  await outbox.add(database, [event]);
  // What a relay leaves behind that was killed after its publish was confirmed.
  await database.query(`UPDATE ${SCHEMA}.outbox SET claimed_by = 'the dead one', claimed_until = now() + interval '1 second', attempts = 1`);
  await eventLog.publish(event.destination, [{ id: event.messageId, key: event.key, headers: event.headers, payload: event.payload }]);
  expect(effects).toBe(1);
  const startedMs = performance.now();
  outbox.start();
  await settled(outbox);
  expect(performance.now() - startedMs).toBeGreaterThan(500);
  expect({ delivered, effects }).toEqual({ delivered: 2, effects: 1 });
});

test('rows that cannot be sent stay with their reason, hold back only their own key, and leave in order when they can', async () => {
  const seen: string[] = [];
  const handlers = [onEvent(OrderReady, async ({ data }) => { seen.push(`${data.orderId} ${data.version}`); await Promise.resolve(); })];
  await consumeEvents({ eventLog, group: 'g', handlers, logger, metrics: new Registry() });
  let broken = true;
  const bad = uuidV7();
  const picky: EventLog = {
    ...eventLog,
    publish: (topic, messages) => (broken && messages.some(({ key }) => key === bad) ? Promise.reject(new Error('too bitter')) : eventLog.publish(topic, messages)),
  };
  const outbox = openOutbox({ eventLog: picky });
  const good = Array.from({ length: 30 }, uuidV7);
  const unroutable = { ...brew('espresso'), key: 'tea' };
  await outbox.add(database, [change(OrderReady, bad, 1), unroutable, ...good.slice(0, 15).map((id) => change(OrderReady, id, 1)), change(OrderReady, bad, 2)]);
  outbox.start();
  await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(15);
  await outbox.add(database, good.slice(15).map((id) => change(OrderReady, id, 1)));
  outbox.wake();
  await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(30);
  const left = (): Promise<readonly object[]> => database.query(`SELECT key, last_error FROM ${SCHEMA}.outbox ORDER BY id`);
  await expect.poll(left, { timeout: 5_000 }).toEqual([
    { key: bad, last_error: expect.stringContaining('too bitter') as string },
    { key: 'tea', last_error: expect.stringContaining('no queue is bound') as string },
    { key: bad, last_error: null },
  ]);
  broken = false;
  await taskQueue.declare({ exchanges: [], queues: [{ name: 'brewing.tea', exchange: 'brewing', bindingKey: 'tea', retryDelaysMs: [] }] });
  await consumeTasks({ taskQueue, queue: 'brewing.tea', type: BrewTask, prefetch: 1, handler: () => Promise.resolve(), logger, metrics: new Registry(), retryDelaysMs: [] });
  await settled(outbox);
  expect(seen.slice(30)).toEqual([`${bad} 1`, `${bad} 2`]);
});

test('a row that is too large is parked at once, its batch, its key and its lane go on, and it can be replayed', async () => {
  const seen: string[] = [];
  const handlers = [onEvent(OrderReady, async ({ data }) => { seen.push(`${data.orderId} ${data.version}`); await Promise.resolve(); })];
  await consumeEvents({ eventLog, group: 'g', handlers, logger, metrics: new Registry() });
  const batching: EventLog = { ...eventLog, features: { ...eventLog.features, durable: true } };
  const outbox = openOutbox({ eventLog: batching });
  const [key, other] = [uuidV7(), uuidV7()];
  const event = change(OrderReady, key, 1);
  await outbox.add(database, [change(OrderReady, other, 1), { ...event, payload: 'x'.repeat(1_100_000) }, change(OrderReady, key, 2), change(OrderReady, key, 3)]);
  outbox.start();
  await settled(outbox);
  expect(seen.toSorted()).toEqual([`${other} 1`, `${key} 2`, `${key} 3`].toSorted());
  const parked = {
    message: { id: event.messageId, key },
    source: 'outbox.orders',
    group: 'orders.v1',
    attempts: 1,
    reason: expect.stringMatching(/^MessageTooLargeError: .* 1\d{6} bytes/) as string,
    parkedAt: expect.any(Date) as Date,
  };
  expect(await outbox.parked(10)).toEqual([parked]);
  expect(await outbox.replay()).toBe(1);
  await settled(outbox);
  expect(await outbox.parked(10)).toEqual([parked]);
  await database.query(`UPDATE ${SCHEMA}.outbox_parked SET payload = $1`, [event.payload]);
  expect(await outbox.replay()).toBe(1);
  await settled(outbox);
  expect(await outbox.parked(10)).toEqual([]);
  expect(seen.slice(3)).toEqual([`${key} 1`]);
});

test('while the log is away rows wait without a storm of tries, then leave in order', async () => {
  const seen: number[] = [];
  const handlers = [onEvent(OrderBrewing, async ({ data }) => { seen.push(data.version); await Promise.resolve(); })];
  await consumeEvents({ eventLog, group: 'g', handlers, logger, metrics: new Registry() });
  let away = true;
  let tries = 0;
  const flaky: EventLog = {
    ...eventLog,
    publish: (topic, messages) => {
      tries += 1;
      return away ? Promise.reject(new Error('connection refused')) : eventLog.publish(topic, messages);
    },
  };
  const outbox = openOutbox({ eventLog: flaky });
  outbox.start();
  await outbox.add(database, Array.from({ length: 100 }, (_, n) => change(OrderBrewing, uuidV7(), n + 1)));
  const orderId = uuidV7();
  await outbox.add(database, Array.from({ length: 20 }, (_, n) => change(OrderBrewing, orderId, 1_000 + n)));
  outbox.wake();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(tries).toBeLessThan(200);
  away = false;
  await settled(outbox);
  expect(seen).toHaveLength(120);
  expect(seen.filter((version) => version >= 1_000)).toEqual(Array.from({ length: 20 }, (_, n) => 1_000 + n));
});

test('a lane that is stuck, however long, does not hold back the others', async () => {
  let brewed = 0;
  await consumeTasks({ taskQueue, queue: 'brewing.espresso', type: BrewTask, prefetch: 4, handler: async () => { brewed += 1; await Promise.resolve(); }, logger, metrics: new Registry() });
  const outbox = openOutbox();
  await outbox.add(database, Array.from({ length: 3_000 }, () => brew('brew-bar')));
  outbox.start();
  await outbox.add(database, Array.from({ length: 100 }, () => brew('espresso')));
  outbox.wake();
  await expect.poll(() => brewed, { timeout: 5_000 }).toBe(100);
  expect((await outbox.depth()).rows).toBeGreaterThanOrEqual(3_000);
});

test('the trace of the request goes on through the row: relay, send, process', async () => {
  spans.reset();
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderReady, () => Promise.resolve())], logger, metrics: new Registry() });
  const outbox = openOutbox();
  outbox.start();
  const traceId = await withSpan('place order', {}, async (span) => {
    await database.transaction((transaction) => outbox.add(transaction, [change(OrderReady, uuidV7(), 1)]));
    return span.spanContext().traceId;
  });
  outbox.wake();
  await settled(outbox);
  const byName = new Map(spans.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId).map((span) => [span.name, span]));
  const parentOf = (name: string): string | undefined => byName.get(name)?.parentSpanContext?.spanId;
  const idOf = (name: string): string | undefined => byName.get(name)?.spanContext().spanId;
  expect(parentOf('relay')).toBe(idOf('place order'));
  expect(parentOf('send orders.v1')).toBe(idOf('relay'));
  expect(parentOf('process orders.v1')).toBe(idOf('send orders.v1'));
  expect(idOf('process orders.v1')).toBeDefined();
  expect(byName.get('process orders.v1')?.attributes).toMatchObject({
    'messaging.system': 'in_process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': 'orders.v1',
    'messaging.consumer.group.name': 'g',
    'doubleshot.message.attempt': 1,
  });
});

test('two modules that share a registry show their own depth, and close takes it away', async () => {
  const metrics = new Registry();
  await database.migrate('auth', [OUTBOX_MIGRATION, OUTBOX_PARKED_MIGRATION]);
  const both = [SCHEMA, 'auth'].map((schema) => createOutbox({ database, schema, eventLog, taskQueue, logger, metrics }));
  outboxes.push(...both);
  await both[0]?.add(database, [brew('espresso'), brew('espresso')]);
  const text = await metrics.metrics();
  expect(text).toContain(`doubleshot_outbox_rows{module="${SCHEMA}"} 2`);
  expect(text).toContain('doubleshot_outbox_rows{module="auth"} 0');
  expect(text).toContain('doubleshot_outbox_parked{module="auth"} 0');
  await both[1]?.close();
  expect(await metrics.metrics()).not.toContain('module="auth"');
});

test('close gives back what is in flight, and a second close does nothing', async () => {
  const outbox = openOutbox();
  outbox.start();
  await outbox.add(database, [brew('espresso')]);
  outbox.wake();
  await expect.poll(async () => (await taskQueue.depths()).find(({ queue }) => queue === 'brewing.espresso')?.ready).toBe(1);
  await Promise.all([outbox.close(), outbox.close()]);
  expect(await database.query(`SELECT claimed_by, claimed_until <= now() AS free FROM ${SCHEMA}.outbox`)).toEqual([{ claimed_by: null, free: true }]);
});

test('closing sends first what waits for a durable backend', async () => {
  const published: string[] = [];
  const durableLog: EventLog = {
    ...eventLog,
    features: { ...eventLog.features, durable: true },
    publish: async (_topic, messages) => {
      published.push(...messages.map(({ id }) => id));
      await Promise.resolve();
    },
  };
  const outbox = openOutbox({ eventLog: durableLog, taskQueue: { ...taskQueue, features: { ...taskQueue.features, durable: true } } });
  outbox.start();
  const rows = Array.from({ length: 500 }, () => change(OrderReady, uuidV7(), 1));
  await outbox.add(database, rows);
  await outbox.close();
  expect(new Set(published).size).toBe(500);
  expect((await outbox.depth()).rows).toBe(0);
});
