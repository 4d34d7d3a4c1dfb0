import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { createDatabase, type Database } from '../database/index.ts';
import { createInbox, INBOX_MIGRATION, recordedOnce, uuidV7, type Inbox } from './index.ts';

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

/** Takes its time. Fails when it is to divide by zero. */
const EFFECT = {
  name: 'test.effect',
  text: `WITH ${recordedOnce('orders')}
         INSERT INTO effects SELECT message_id FROM recorded, pg_sleep(0.02) WHERE 1 / $3::int = 1 RETURNING id`,
};
const effectsOf = async (id: string): Promise<number> => (await database.query('SELECT id FROM effects WHERE id = $1', [id])).length;

test('a message that comes ten times at once has one effect', async () => {
  const id = uuidV7();
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => inbox.once('consumer', id, EFFECT, [1])));
  expect(outcomes.filter((row) => row !== undefined)).toEqual([{ id }]);
  expect(await effectsOf(id)).toBe(1);
  expect(await inbox.once('another consumer', id, EFFECT, [1])).toEqual({ id });
});

test('an effect that fails is not recorded and may be tried again', async () => {
  const id = uuidV7();
  await expect(inbox.once('consumer', id, EFFECT, [0])).rejects.toThrow('division by zero');
  expect([await inbox.seen('consumer', id), await effectsOf(id)]).toEqual([false, 0]);
  expect(await inbox.once('consumer', id, EFFECT, [1])).toEqual({ id });
  expect([await inbox.seen('consumer', id), await effectsOf(id)]).toEqual([true, 1]);
});

test('what came again is counted apart from what was handled, by consumer', async () => {
  const id = uuidV7();
  for (let times = 0; times < 3; times += 1) await inbox.once('counted', id, EFFECT, [1]);
  await inbox.seen('counted', id);
  const counted = (outcome: string): string => `doubleshot_inbox_messages_total{module="orders",consumer="counted",outcome="${outcome}"}`;
  const text = await metrics.metrics();
  for (const line of [`${counted('handled')} 1`, `${counted('duplicate')} 3`]) expect(text).toContain(line);
});

test('rows are removed a month after they were handled, however many they are and whoever handled them, and others stay', async () => {
  const insert = (consumer: string, count: number, [written, handled]: [string, string]): Promise<unknown> =>
    database.query(
      `INSERT INTO orders.inbox (consumer, message_id, handled_at) SELECT $1, uuidv7(-$3::interval), now() - $4::interval FROM generate_series(1, $2::int)`,
      [consumer, count, written, handled],
    );
  const left = async (): Promise<unknown> => database.query(`SELECT consumer, count(*)::int FROM orders.inbox WHERE consumer LIKE 'trimmed%' GROUP BY 1 ORDER BY 1`);
  await insert('trimmed', 2_500, ['31 days', '31 days']);
  await insert('trimmed too', 3, ['40 days', '31 days']);
  await insert('trimmed, but young', 1, ['29 days', '29 days']);
  await insert('trimmed, but replayed', 1, ['60 days', '1 day']);
  expect(await inbox.trim()).toBe(2_503);
  expect(await left()).toEqual([{ consumer: 'trimmed, but replayed', count: 1 }, { consumer: 'trimmed, but young', count: 1 }]);
  expect(await inbox.trim()).toBe(0);
});
