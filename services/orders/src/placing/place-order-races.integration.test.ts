import { randomUUID } from 'node:crypto';
import type { Order } from '@doubleshot/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DRINKS } from '../menu/drinks.ts';
import { customerOf, patiently, type Answer } from '../testing/customer.ts';
import { startOrders, type RunningOrders } from '../testing/running-orders.ts';

// Two processes on one database, as behind a load balancer.
let shops: [RunningOrders, RunningOrders];
beforeAll(async () => {
  const first = await startOrders({ withoutBrewers: true });
  shops = [first, await startOrders({ withoutBrewers: true, databaseUrl: first.databaseUrl })];
});
afterAll(async () => { await Promise.all(shops.map((shop) => shop.close())); });

const line = (number: number, quantity = 1): { menuItemId: string; quantity: number } => ({ menuItemId: DRINKS[number]?.id ?? '', quantity });
const originOf = (index: number): string => shops[index % 2 === 0 ? 0 : 1].origin;
const setStock = (number: number, stock: number): Promise<unknown> => shops[0].database.query('UPDATE orders.menu_items SET stock = $2 WHERE id = $1', [DRINKS[number]?.id, stock]);
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, index) => work(index)));

async function stockOf(number: number): Promise<number> {
  const [row] = await shops[0].database.query<{ stock: number }>('SELECT stock FROM orders.menu_items WHERE id = $1', [DRINKS[number]?.id]);
  return row?.stock ?? -1;
}

function countByStatus(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

test('when 64 customers want the last 10, 10 get one and 54 are told', async () => {
  await setStock(0, 10);
  const answers = await times(64, (index) => customerOf(originOf(index)).placePatiently([line(0)]));
  expect(countByStatus(answers)).toEqual({ 201: 10, 409: 54 });
  expect(new Set(answers.filter(({ status }) => status === 409).map(({ body }) => (body as unknown as { code: string }).code))).toEqual(new Set(['out_of_stock']));
  expect(await stockOf(0)).toBe(0);
});

test('when orders of different size compete, what was sold and what is left add up', async () => {
  await setStock(1, 50);
  await setStock(8, 1_000);
  const answers = await times(60, (index) => customerOf(originOf(index)).placePatiently([line(8), line(1, 1 + (index % 4))]));
  const sold = answers.filter(({ status }) => status === 201).map(({ body }) => body.items[1]?.quantity ?? 0);
  expect(sold.reduce((sum, quantity) => sum + quantity, 0) + (await stockOf(1))).toBe(50);
  expect(await stockOf(8)).toBe(1_000 - sold.length);
});

test.each(['in stock', 'one left'])('when one key comes 50 times at once (%s), there is one order', async (stock) => {
  await setStock(2, stock === 'one left' ? 1 : 1_000);
  const before = await stockOf(2);
  const headers = { 'idempotency-key': randomUUID() };
  const customer = customerOf(originOf(0));
  const atTheOther = customerOf(originOf(1), 'customer', customer.id);
  const answers = await times(50, (index) => patiently(() => (index % 2 === 0 ? customer : atTheOther).place<Order & { code?: string }>([line(2)], headers)));
  const placed = answers.filter(({ status }) => status === 201);
  expect(placed.length).toBeGreaterThanOrEqual(1);
  expect(new Set(placed.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  // None at all when the first answer was 503.
  expect(placed.filter((answer) => !answer.headers.has('idempotency-replayed')).length).toBeLessThanOrEqual(1);
  expect(answers.filter(({ status, body }) => status !== 201 && !(status === 409 && body.code === 'idempotency_in_progress'))).toEqual([]);
  expect(await stockOf(2)).toBe(before - 1);
  expect((await customer.placePatiently([line(2)], headers)).headers.get('idempotency-replayed')).toBe('true');
  expect(await shops[0].database.query('SELECT 1 FROM orders.orders WHERE customer_id = $1', [customer.id])).toHaveLength(1);
});

test('when orders name the same drinks in opposite order, nobody is stuck', async () => {
  const drinks = [3, 4, 5, 9, 10];
  const answers = await times(100, (index) => customerOf(originOf(index)).placePatiently((index % 2 === 0 ? drinks : [...drinks].reverse()).map((number) => line(number))));
  expect(countByStatus(answers)).toEqual({ 201: 100 });
  expect(await Promise.all(drinks.map(stockOf))).toEqual(drinks.map(() => 999_900));
});

test('when orders and cancellations of the same drinks cross, stock comes back exactly', async () => {
  await setStock(6, 500);
  await setStock(7, 500);
  const results = await times(60, async (index) => {
    const customer = customerOf(originOf(index));
    const { status, body } = await customer.placePatiently(index % 2 === 0 ? [line(6, 2), line(7)] : [line(7), line(6, 2)]);
    const cancelled = await times(2, () => patiently(() => customer.send('POST', `/orders/${body.id}/cancel`)));
    return [status, ...cancelled.map((answer) => answer.status)];
  });
  expect(results).toEqual(results.map(() => [201, 200, 200]));
  expect([await stockOf(6), await stockOf(7)]).toEqual([500, 500]);
});

test('when staff changes the price while orders come in, each order has one of the prices and none is lost', async () => {
  const staff = customerOf(originOf(0), 'staff');
  const path = `/menu/${DRINKS[11]?.id}`;
  const editing = (async () => {
    for (let price = 1_000; price < 1_010; price += 1) await staff.send('PATCH', path, { body: { priceCents: price }, headers: { 'if-match': '*' } });
  })();
  const answers = await times(60, (index) => customerOf(originOf(index)).placePatiently([line(11)]));
  await editing;
  expect(countByStatus(answers)).toEqual({ 201: 60 });
  const prices = new Set(Array.from({ length: 10 }, (_, index) => 1_000 + index)).add(DRINKS[11]?.priceCents ?? 0);
  expect(answers.filter(({ body }) => !prices.has(body.totalCents))).toEqual([]);
  expect(await stockOf(11)).toBe(1_000_000 - 60);
});

test('when somebody sits on a drink, the answer is 503 within about a second, the same key is under way meanwhile, and in the end there is one order', async () => {
  const customer = customerOf(originOf(0));
  const headers = { 'idempotency-key': randomUUID() };
  await shops[1].database.transaction(async (transaction) => {
    await transaction.query('SELECT 1 FROM orders.menu_items WHERE id = $1 FOR UPDATE', [DRINKS[12]?.id]);
    const startedMs = performance.now();
    expect(await customer.place([line(12)], headers)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(await customer.place([line(12)], headers)).toMatchObject({ status: 409, body: { code: 'idempotency_in_progress' } });
  });
  expect((await customer.placePatiently([line(12)], headers)).status).toBe(201);
  expect(await shops[0].database.query('SELECT 1 FROM orders.orders WHERE customer_id = $1', [customer.id])).toHaveLength(1);
  expect(await stockOf(12)).toBe(999_999);
});
