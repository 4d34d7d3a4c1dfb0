import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { createDatabase, type Database } from '../database/index.ts';
import { createInbox, INBOX_MIGRATION, uuidV7, type Inbox } from './index.ts';

const metrics = new Registry();
let database: Database;
let inbox: Inbox;

beforeAll(async () => {
  database = createDatabase({ url: await createTestDatabase(), poolSize: 10, applicationName: 'inbox-test', logger: pino({ level: 'silent' }) });
  await database.migrate('orders', [INBOX_MIGRATION]);
  await database.query('CREATE TABLE effects (id uuid NOT NULL)');
  inbox = createInbox({ database, schema: 'orders', metrics });
});
afterAll(() => database.close());

const effect = (id: string) => async (transaction: Pick<Database, 'query'>): Promise<void> => {
  await transaction.query('SELECT pg_sleep(0.02)');
  await transaction.query('INSERT INTO effects VALUES ($1)', [id]);
};

test('a message that comes ten times at once has one effect', async () => {
  const id = uuidV7();
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => inbox.once('consumer', id, effect(id))));
  expect(outcomes.toSorted()).toEqual([...Array<string>(9).fill('duplicate'), 'handled']);
  expect(await database.query('SELECT id FROM effects WHERE id = $1', [id])).toHaveLength(1);
  expect(await inbox.once('another consumer', id, () => Promise.resolve())).toBe('handled');
});

test('an effect that fails is not recorded and may be tried again', async () => {
  const id = uuidV7();
  await expect(inbox.once('consumer', id, () => Promise.reject(new Error('no milk')))).rejects.toThrow('no milk');
  expect(await inbox.seen('consumer', id)).toBe(false);
  expect(await inbox.once('consumer', id, effect(id))).toBe('handled');
  expect(await inbox.seen('consumer', id)).toBe(true);
});

test('an effect outside the database is recorded behind it, twice without harm', async () => {
  const id = uuidV7();
  expect(await inbox.seen('mail', id)).toBe(false);
  await inbox.record('mail', id);
  await inbox.record('mail', id);
  expect(await inbox.seen('mail', id)).toBe(true);
});

test('what came again is counted apart from what was handled, by consumer', async () => {
  const id = uuidV7();
  for (let times = 0; times < 3; times += 1) await inbox.once('counted', id, () => Promise.resolve());
  await inbox.record('counted mail', id);
  await inbox.seen('counted mail', id);
  const counted = (consumer: string, outcome: string): string => `doubleshot_inbox_messages_total{module="orders",consumer="${consumer}",outcome="${outcome}"}`;
  const text = await metrics.metrics();
  for (const line of [`${counted('counted', 'handled')} 1`, `${counted('counted', 'duplicate')} 2`, `${counted('counted mail', 'handled')} 1`, `${counted('counted mail', 'duplicate')} 1`]) expect(text).toContain(line);
});
