import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../../tests/setup/engine.ts';
import { createTestDatabase } from '../../../tests/setup/test-database.ts';
import { DRINKS } from './menu/drinks.ts';
import { customerOf, menuOf, type Customer } from './testing/customer.ts';
import { startOrders, type RunningOrders } from './testing/running-orders.ts';

const redis = engine('redis');
const HEALS_WITHIN = { timeout: 30_000 };
const FIRST_STOCK = 1_000_000;
const drinkOf = (number: number): string => DRINKS[number]?.id ?? '';

/** Two processes with one database and one Redis. */
let shops: readonly RunningOrders[];
let customers: readonly Customer[];
/** What was ordered so far, by drink. */
const ordered = new Map<string, number>();

beforeAll(async () => {
  const databaseUrl = await createTestDatabase(engine('postgres').url);
  const options = { databaseUrl, cacheUrl: redis.url, withoutBrewers: true, settings: { MENU_CACHE_MS: '200' } };
  shops = [await startOrders(options), await startOrders(options)];
  customers = shops.map(({ origin }) => customerOf(origin));
});
afterAll(async () => { for (const shop of shops) await shop.close(); });

/** Each shop takes one order of each of these drinks. */
async function order(...numbers: readonly number[]): Promise<void> {
  for (const customer of customers) {
    for (const number of numbers) {
      expect((await customer.place([{ menuItemId: drinkOf(number), quantity: 1 }])).status).toBe(201);
      ordered.set(drinkOf(number), (ordered.get(drinkOf(number)) ?? 0) + 1);
    }
  }
}

/** Both shops tell how often each drink was ordered, and how many are left. */
async function expectRightAnswers(): Promise<void> {
  for (const [n, { origin }] of shops.entries()) {
    await expect.poll(async () => {
      const { body } = await customers[n]!.send<{ items: { item: { id: string }; ordered: number }[] }>('GET', '/menu/popular?limit=50');
      return Object.fromEntries(body.items.map((each) => [each.item.id, each.ordered]));
    }, HEALS_WITHIN).toEqual(Object.fromEntries(ordered));
    await expect.poll(async () => {
      const left = (await menuOf(origin)).filter(({ id }) => ordered.has(id)).map(({ id, stock }) => [id, FIRST_STOCK - (stock ?? 0)]);
      return Object.fromEntries(left);
    }, HEALS_WITHIN).toEqual(Object.fromEntries(ordered));
  }
}

test('with Redis, both processes answer what both counted', async () => {
  await order(0, 0, 1, 2);
  await expectRightAnswers();
});

test('while Redis is frozen, orders are taken and answers are right; after it thaws nothing is counted twice', async () => {
  await redis.freeze();
  try {
    await order(0, 1, 1, 3);
    await expectRightAnswers();
    await order(1);
  } finally {
    await redis.thaw();
  }
  await expectRightAnswers();
  await order(2);
  await expectRightAnswers();
});

test('while Redis is down, orders are taken and answers are right; so they are when it comes back empty', async () => {
  await redis.kill();
  try {
    await order(0, 4);
    await expectRightAnswers();
  } finally {
    await redis.start();
  }
  await order(4);
  await expectRightAnswers();
});

test('when Redis is flushed, no count and no idempotency key is forgotten', async () => {
  const [customer, other] = [customers[0]!, customerOf(shops[1]!.origin, 'customer', customers[0]!.id)];
  const key = { 'idempotency-key': randomUUID() };
  const basket = [{ menuItemId: drinkOf(5), quantity: 1 }];
  const first = await customer.place(basket, key);
  ordered.set(drinkOf(5), 1);
  await expectRightAnswers();
  await redis.exec('redis-cli', '--no-auth-warning', '-a', new URL(redis.url).password, 'FLUSHALL');
  for (const each of [customer, other]) {
    const again = await each.place(basket, key);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([201, 'true', first.body]);
  }
  await expectRightAnswers();
});
