import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../../../tests/setup/eventually.ts';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { createDatabase, type Database } from '../database/index.ts';
import { createEventLog, createOutbox, createTaskQueue, OUTBOX_MIGRATION, uuidV7, type OutboxRow } from './index.ts';

const PROGRAM = fileURLToPath(new URL('./fixtures/relaying-process.ts', import.meta.url));
const MODULES = ['orders', 'notifications'];
/** What is told here does not depend on how busy the machine is. */
const PATIENT_MS = 30_000;
const GUILTY = 'every process that handled it died';
const logger = pino({ level: 'silent' });

let url: string;
let database: Database;
let child: ChildProcess | undefined;

beforeEach(async () => {
  url = await createTestDatabase();
  database = createDatabase({ url, poolSize: 4, applicationName: 'deaths-test', logger, acquireTimeoutMs: PATIENT_MS, statementDeadlineMs: PATIENT_MS });
  for (const schema of MODULES) await database.migrate(schema, [OUTBOX_MIGRATION]);
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await database.close();
});

/** One after another processes that relay, each when the one before died, until nothing is left in an outbox. */
async function runUntilEmpty(mostDeaths: number): Promise<{ deaths: number; handled: string[] }> {
  const handled: string[] = [];
  for (let deaths = 0; deaths <= mostDeaths; deaths += 1) {
    const process_ = (child = spawn(process.execPath, [PROGRAM, url], { stdio: ['ignore', 'pipe', 'inherit'] }));
    const exit = once(process_, 'exit');
    createInterface({ input: process_.stdout }).on('line', (line) => { handled.push(line); });
    await eventually(async () => process_.signalCode !== null || (await waiting()) === 0, 'it dies or all is handled', 100_000);
    if (process_.signalCode === null) {
      process_.kill('SIGKILL');
      await exit;
      return { deaths, handled };
    }
    await exit;
    // Does at once what time does to the leases of the dead.
    for (const schema of MODULES) await database.query(`UPDATE ${schema}.outbox SET claimed_until = now() - interval '1 second' WHERE claimed_by IS NOT NULL`);
  }
  throw new Error(`processes died more than ${mostDeaths} times`);
}

async function waiting(): Promise<number> {
  const counts = await Promise.all(MODULES.map((schema) => database.query(`SELECT 1 FROM ${schema}.outbox`)));
  return counts.flat().length;
}

const task = (payload: string): OutboxRow => ({ target: 'task', destination: 'brewing', key: 'espresso', messageId: uuidV7(), payload, headers: {} });
const event = (payload: string): OutboxRow => ({ target: 'event', destination: 'orders.v1', key: uuidV7(), messageId: uuidV7(), payload, headers: {} });
const some = (count: number, row: (payload: string) => OutboxRow, payload: string): OutboxRow[] => Array.from({ length: count }, () => row(payload));

async function write(schema: string, rows: readonly OutboxRow[]): Promise<void> {
  const eventLog = await createEventLog('in-process:', { logger, metrics: new Registry() });
  const taskQueue = await createTaskQueue('in-process:', { logger, metrics: new Registry() });
  await createOutbox({ database, schema, eventLog, taskQueue, logger, metrics: new Registry() }).add(database, rows);
}

const parked = (): Promise<readonly object[]> => database.query('SELECT source, group_name, message_id, attempts, reason FROM in_process.parked ORDER BY source');

test('a message that kills its process is parked after a bounded number of deaths; those that were in flight with it, in either module, are handled', { timeout: 400_000 }, async () => {
  const [poison, deadly] = [task('kill'), event('kill')];
  const orders = [...some(30, task, 'fine'), poison, ...some(10, event, 'fine'), ...some(3, task, 'slow')];
  const notifications = [...some(10, task, 'slow'), ...some(10, event, 'fine'), deadly, ...some(10, task, 'fine')];
  await write('orders', orders);
  await write('notifications', notifications);
  const { deaths, handled } = await runUntilEmpty(16);
  expect(await parked()).toEqual([
    { source: 'brewing.espresso', group_name: 'brewing.espresso', message_id: poison.messageId, attempts: 6, reason: GUILTY },
    { source: 'orders.v1', group_name: 'g', message_id: deadly.messageId, attempts: 6, reason: GUILTY },
  ]);
  const neighbours = [...orders, ...notifications].filter((row) => row !== poison && row !== deadly).map(({ messageId }) => messageId);
  expect(new Set(handled)).toEqual(new Set(neighbours));
  expect(deaths).toBeGreaterThan(1);
});

test('rows that several processes died with by no fault of their own are sent soon, however many they are, and ordinary ones beside them', { timeout: 120_000 }, async () => {
  const rows = [...some(200, task, 'fine'), ...some(100, event, 'fine')];
  await write('orders', rows);
  await database.query(`UPDATE orders.outbox SET deaths = CASE WHEN id % 4 = 0 THEN 1 ELSE 2 END, claimed_by = 'the dead one', claimed_until = now() - interval '1 second'`);
  const ordinary = some(50, task, 'fine');
  await write('orders', ordinary);
  const { deaths, handled } = await runUntilEmpty(0);
  expect({ deaths, handled: handled.toSorted() }).toEqual({ deaths: 0, handled: [...rows, ...ordinary].map(({ messageId }) => messageId).toSorted() });
  expect(await parked()).toEqual([]);
});

test('deaths are counted of processes that died holding a row, not of those that gave it back, nor of a relay that claims its own row again', async () => {
  const eventLog = await createEventLog('in-process:', { logger, metrics: new Registry() });
  const taskQueue = await createTaskQueue('in-process:', { logger, metrics: new Registry() });
  await taskQueue.declare({ exchanges: [{ name: 'brewing', kind: 'direct', key: '' }], queues: [{ name: 'brewing.espresso', exchange: 'brewing', bindingKey: 'espresso', retryDelaysMs: [] }] });
  const open = () => createOutbox({ database, schema: 'orders', eventLog, taskQueue, logger, metrics: new Registry() });
  const row = async (): Promise<{ claimed_by: string | null; held: boolean; attempts: number; deaths: number } | undefined> =>
    (await database.query<{ claimed_by: string | null; held: boolean; attempts: number; deaths: number }>('SELECT claimed_by, claimed_until > now() AS held, attempts, deaths FROM orders.outbox'))[0];
  const held = async (attempts: number): Promise<void> => eventually(async () => { const now = await row(); return now?.claimed_by !== null && now?.held === true && now.attempts === attempts; }, `it is claimed for the ${attempts}. time`);
  const lapse = (): Promise<unknown> => database.query(`UPDATE orders.outbox SET claimed_until = now() - interval '1 second'`);
  const first = open();
  await first.add(database, [task('fine')]);
  first.start();
  await held(1);
  await lapse();
  first.wake();
  await held(2);
  await first.close();
  const second = open();
  second.start();
  await held(3);
  expect(await row()).toMatchObject({ deaths: 0 });
  await database.query(`UPDATE orders.outbox SET claimed_by = 'the dead one'`);
  await lapse();
  second.wake();
  await held(4);
  expect(await row()).toMatchObject({ deaths: 1 });
  await second.close();
  await Promise.all([eventLog.close(), taskQueue.close()]);
});
