import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../../../tests/setup/test-database.ts';
import { createDatabase, type Database } from '../../database/index.ts';
import type { EventLog } from '../event-log.ts';
import type { Outcome } from '../message.ts';
import { uuidV7 } from '../uuid-v7.ts';
import { trimEventLog } from './event-log-trimmer.ts';
import { createPostgresEventLog } from './postgres-event-log.ts';

let database: Database;
let log: EventLog;
const TOPICS = ['unread', 'read', 'behind'];

beforeAll(async () => {
  const url = await createTestDatabase();
  const logger = pino({ level: 'silent' });
  database = createDatabase({ url, poolSize: 2, applicationName: 'test', logger });
  log = createPostgresEventLog(url, { logger, metrics: new Registry(), drainDeadlineMs: 1_000 });
  await log.declare(TOPICS.map((name) => ({ name, partitions: 2 })));
});
afterAll(async () => {
  await log.close();
  await database.close();
});

async function publish(topic: string, count: number): Promise<void> {
  await log.publish(topic, Array.from({ length: count }, (_, n) => ({ id: uuidV7(), key: `key ${n}`, headers: {}, payload: '{}' })));
}

async function kept(): Promise<Record<string, number>> {
  const rows = await database.query<{ topic: string; count: number }>('SELECT topic, count(*)::int FROM event_log.records GROUP BY topic');
  return Object.fromEntries(rows.map(({ topic, count }) => [topic, count]));
}

const age = (): Promise<unknown> => database.query(`UPDATE event_log.records SET published_at = now() - interval '8 days'`);

test('records leave after a week, also where nobody reads; what a group has not handled stays', async () => {
  const subscribe = (topic: string, outcome: Outcome): Promise<unknown> => log.subscribe({ group: `of ${topic}`, topics: [topic], handler: () => Promise.resolve(outcome) });
  await subscribe('read', { kind: 'done' });
  await subscribe('behind', { kind: 'retry', delayMs: 60_000, reason: 'not now' });
  for (const topic of TOPICS) await publish(topic, 100);
  await publish('unread', 5_000);
  await expect.poll(async () => (await log.lag()).find(({ topic }) => topic === 'read')?.lag, { timeout: 10_000 }).toBe(0);
  await age();
  await publish('unread', 3);
  await trimEventLog(database);
  expect(await kept()).toEqual({ unread: 3, behind: 100 });
});

test('a group that comes later begins with what is left', async () => {
  const got: string[] = [];
  await log.subscribe({ group: 'later', topics: ['unread'], handler: ({ message }) => { got.push(message.key); return Promise.resolve({ kind: 'done' }); } });
  await expect.poll(() => got.toSorted(), { timeout: 10_000 }).toEqual(['key 0', 'key 1', 'key 2']);
});
