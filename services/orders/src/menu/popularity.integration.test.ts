import { createCache, type Cache } from '@doubleshot/shared/cache';
import { DatabaseUnavailableError, type Database } from '@doubleshot/shared/database';
import { createSilentLogger } from '@doubleshot/shared/logging';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { customerOf } from '../testing/customer.ts';
import { startOrders, type RunningOrders } from '../testing/running-orders.ts';
import { DRINKS } from './drinks.ts';
import { createPopularity, type Popularity } from './popularity.ts';

let shop: RunningOrders;
beforeAll(async () => { shop = await startOrders({ withoutBrewers: true }); });
afterAll(async () => { await shop.close(); });
beforeEach(async () => { await shop.database.query('DELETE FROM orders.menu_popularity'); });

const [first, second] = DRINKS.map(({ id }) => id) as [string, string];
const newCache = (): Promise<Cache> => createCache('memory:', { logger: createSilentLogger(), metrics: new Registry() });
const order = (menuItemId: string, quantity: number) => [{ menuItemId, quantity }];
const stored = async (): Promise<Record<string, number>> => {
  const rows = await shop.database.query<{ id: string; ordered: number }>('SELECT menu_item_id AS id, ordered::int AS ordered FROM orders.menu_popularity');
  return Object.fromEntries(rows.map(({ id, ordered }) => [id, ordered]));
};

test('adds up what two processes counted, in the database and in the sorted set they share', async () => {
  const cache = await newCache();
  const processes = [createPopularity({ database: shop.database, cache }), createPopularity({ database: shop.database, cache })] as [Popularity, Popularity];
  for (let round = 0; round < 5; round += 1) {
    processes[0].count(order(first, 1));
    processes[1].count([...order(first, 2), ...order(second, 1)]);
    await Promise.all(processes.map((each) => each.writeBack()));
  }
  expect(await stored()).toEqual({ [first]: 15, [second]: 5 });
  expect(await processes[0].top(5)).toEqual([{ member: first, score: 15 }, { member: second, score: 5 }]);
  expect(await processes[1].top(1)).toEqual([{ member: first, score: 15 }]);
});

test('rebuilds the sorted set when the cache lost it, and what is missing of it', async () => {
  const popularity = createPopularity({ database: shop.database, cache: await newCache() });
  popularity.count(order(first, 3));
  await popularity.writeBack();
  const emptied = await newCache();
  const after = createPopularity({ database: shop.database, cache: emptied });
  expect(await after.top(5)).toEqual([{ member: first, score: 3 }]);
  const partial = await newCache();
  await partial.raiseScores('orders:popular', new Map([[second, 1]]), 60_000);
  const healed = createPopularity({ database: shop.database, cache: partial });
  healed.count(order(second, 2));
  await healed.writeBack();
  expect(await healed.top(5)).toEqual([{ member: first, score: 3 }, { member: second, score: 2 }]);
});

test('a sorted set that says something else than the database is not read for long', async () => {
  const cache = await newCache();
  await cache.raiseScores('orders:popular', new Map([[second, 100]]), 200);
  const popularity = createPopularity({ database: shop.database, cache, copiedForMs: 200 });
  popularity.count(order(first, 3));
  await popularity.writeBack();
  await expect.poll(() => popularity.top(5), { timeout: 5_000 }).toEqual([{ member: first, score: 3 }]);
});

test('a raise that the cache lost, or did late, changes no total', async () => {
  const cache = await newCache();
  const late: (() => Promise<void>)[] = [];
  const forgetful: Cache = { ...cache, raiseScores: (...raise) => Promise.resolve(void late.push(() => cache.raiseScores(...raise))) };
  const popularity = createPopularity({ database: shop.database, cache: forgetful });
  for (const quantity of [1, 2, 3]) {
    popularity.count(order(first, quantity));
    await popularity.writeBack();
  }
  for (const raise of [...late.toReversed(), ...late]) await raise();
  expect(await stored()).toEqual({ [first]: 6 });
  expect(await popularity.top(5)).toEqual([{ member: first, score: 6 }]);
});

test('write-backs of the same items at once add up', async () => {
  const cache = await newCache();
  const processes = Array.from({ length: 8 }, () => createPopularity({ database: shop.database, cache }));
  for (const [n, process] of processes.entries()) process.count(n % 2 === 0 ? [...order(first, 1), ...order(second, 2)] : [...order(second, 2), ...order(first, 1)]);
  await Promise.all(processes.map((each) => each.writeBack()));
  expect(await processes[0]?.top(5)).toEqual([{ member: second, score: 16 }, { member: first, score: 8 }]);
});

test('keeps what it counted while the database is away', async () => {
  let isAway = true;
  const database: Database = { ...shop.database, transaction: (work) => (isAway ? Promise.reject(new Error('away')) : shop.database.transaction(work)) };
  const popularity = createPopularity({ database, cache: await newCache() });
  popularity.count(order(first, 2));
  await expect(popularity.writeBack()).rejects.toThrow('away');
  popularity.count(order(first, 1));
  isAway = false;
  await popularity.writeBack();
  expect(await stored()).toEqual({ [first]: 3 });
});

test('counts nothing twice when the answer to COMMIT is lost', async () => {
  let isLost = true;
  const database: Database = {
    ...shop.database,
    transaction: async (work) => {
      const result = await shop.database.transaction(work);
      if (isLost) throw new DatabaseUnavailableError('the answer to COMMIT is lost');
      return result;
    },
  };
  const popularity = createPopularity({ database, cache: await newCache() });
  popularity.count(order(first, 2));
  await expect(popularity.writeBack()).rejects.toThrow('lost');
  popularity.count(order(first, 1));
  isLost = false;
  await popularity.writeBack();
  expect(await stored()).toEqual({ [first]: 3 });
});

test('GET /menu/popular answers the most ordered first, and what was counted survives the process', async () => {
  const running = await startOrders({ withoutBrewers: true, databaseUrl: shop.databaseUrl });
  const customer = customerOf(running.origin);
  await customer.place([...order(second, 7), ...order(first, 2)]);
  await running.close();
  const { status, body } = await customerOf(shop.origin).send('GET', '/menu/popular?limit=2');
  expect([status, body]).toMatchObject([200, { items: [{ item: { id: second }, ordered: 7 }, { item: { id: first }, ordered: 2 }] }]);
  expect(await customerOf(shop.origin).send('GET', '/menu/popular?limit=0')).toMatchObject({ status: 400 });
});
