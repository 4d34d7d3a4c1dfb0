import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import { createTestDatabase } from '../../../../../tests/setup/test-database.ts';
import { createDatabase, type Database } from '../../database/index.ts';
import { eventLogContract } from '../contract/event-log-contract.ts';
import { createRecorder, DONE, message } from '../contract/recorder.ts';
import { taskQueueContract } from '../contract/task-queue-contract.ts';
import { createEventLog } from '../create-event-log.ts';
import { createTaskQueue } from '../create-task-queue.ts';
import type { EventLog } from '../event-log.ts';
import type { Outcome } from '../message.ts';
import type { TaskQueue } from '../task-queue.ts';

const logger = pino({ level: 'silent' });
const TOPIC = { name: 'orders', partitions: 1 };
const TOPOLOGY = { exchanges: [{ name: 'work', kind: 'direct', key: '' }], queues: [{ name: 'beans', exchange: 'work', bindingKey: 'bean', retryDelaysMs: [] }] } as const;
/** What is told here does not depend on how busy the machine is. */
const PATIENT_MS = 30_000;
const PARK: Outcome = { kind: 'park', reason: 'too bitter' };

let database: Database;
const opened: (EventLog | TaskQueue)[] = [];

beforeAll(async () => {
  database = createDatabase({ url: await createTestDatabase(), poolSize: 8, applicationName: 'parked-test', logger, acquireTimeoutMs: PATIENT_MS, statementDeadlineMs: PATIENT_MS });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});
afterAll(() => database.close());

async function openLog(metrics = new Registry()): Promise<EventLog> {
  const log = await createEventLog('in-process:', { logger, metrics, database, drainDeadlineMs: 300 });
  opened.push(log);
  return log;
}

async function openQueue(metrics = new Registry()): Promise<TaskQueue> {
  const tasks = await createTaskQueue('in-process:', { logger, metrics, database, drainDeadlineMs: 300 });
  opened.push(tasks);
  return tasks;
}

const features = { system: 'in_process', durable: false, multiProcess: false };
eventLogContract({ name: 'in-process: with a database', features, open: openLog });
taskQueueContract({ name: 'in-process: with a database', features, open: openQueue });

test('a parked event outlives its process, is counted, and goes again to the group that parked it alone', async () => {
  const first = await openLog();
  await first.declare([TOPIC]);
  const fine = createRecorder();
  await first.subscribe({ group: 'fine', topics: [TOPIC.name], handler: fine.handler() });
  await first.subscribe({ group: 'picky', topics: [TOPIC.name], handler: createRecorder().handler(() => PARK) });
  const poison = message('a', 'poison');
  await first.publish(TOPIC.name, [poison]);
  await first.close();
  const metrics = new Registry();
  const second = await openLog(metrics);
  await second.declare([TOPIC]);
  expect(await second.parked(TOPIC.name, 10)).toMatchObject([{ message: poison, source: TOPIC.name, group: 'picky', attempts: 1, reason: 'too bitter' }]);
  const picky = createRecorder();
  await second.subscribe({ group: 'fine', topics: [TOPIC.name], handler: fine.handler() });
  await second.subscribe({ group: 'picky', topics: [TOPIC.name], handler: picky.handler() });
  expect(await metrics.metrics()).toContain('doubleshot_event_log_parked{topic="orders"} 1');
  expect(await second.replay(TOPIC.name)).toBe(1);
  await eventually(() => picky.distinct() === 1, 'it is handled');
  expect(fine.deliveries).toHaveLength(1);
  await second.close();
  const third = await openLog();
  await third.declare([TOPIC]);
  expect(await third.parked(TOPIC.name, 10)).toEqual([]);
});

test('a parked task outlives its process and is counted; when the process ends in the middle of its replay it is still parked', async () => {
  const first = await openQueue();
  await first.declare(TOPOLOGY);
  await first.consume({ queue: 'beans', prefetch: 1, handler: () => Promise.resolve(PARK) });
  const poison = message('bean', 'poison');
  await first.send('work', [poison]);
  await first.close();
  const metrics = new Registry();
  const second = await openQueue(metrics);
  await second.declare(TOPOLOGY);
  expect(await metrics.metrics()).toContain('doubleshot_queue_depth{queue="beans",state="dead"} 1');
  expect(await second.replay('beans')).toBe(1);
  expect(await second.parked('beans', 10)).toEqual([]);
  await second.close();
  const third = await openQueue();
  await third.declare(TOPOLOGY);
  expect(await third.parked('beans', 10)).toMatchObject([{ message: poison, source: 'beans', group: 'beans', attempts: 1, reason: 'too bitter' }]);
  await third.consume({ queue: 'beans', prefetch: 1, handler: () => Promise.resolve(DONE) });
  expect(await third.replay('beans')).toBe(1);
  await eventually(async () => (await database.query(`SELECT 1 FROM in_process.parked WHERE source = 'beans'`)).length === 0, 'nothing is kept of what was handled');
});
