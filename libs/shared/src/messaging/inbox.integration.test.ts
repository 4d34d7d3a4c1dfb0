import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { createDatabase, type Database } from '../database/index.ts';
import { createInbox, INBOX_MIGRATION, uuidV7, type Inbox } from './index.ts';

let database: Database;
let inbox: Inbox;

beforeAll(async () => {
  database = createDatabase({ url: await createTestDatabase(), poolSize: 10, applicationName: 'inbox-test', logger: pino({ level: 'silent' }) });
  await database.migrate('orders', [INBOX_MIGRATION]);
  await database.query('CREATE TABLE effects (id uuid NOT NULL)');
  inbox = createInbox({ database, schema: 'orders' });
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
