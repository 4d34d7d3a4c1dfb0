import { randomUUID } from 'node:crypto';
import { BrewTask, Order, OrderPlaced, TOPICS, type Problem } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import { uuidV7 } from '@doubleshot/shared/messaging';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { DRINKS } from '../menu/drinks.ts';
import { collectEvents } from '../testing/collect-events.ts';
import { customerOf, menuOf, type Customer } from '../testing/customer.ts';
import { startOrders, type RunningOrders } from '../testing/running-orders.ts';
import { lockNumber } from './order-request.ts';
import { PLACE_ORDER } from './place-order-statement.ts';

let shop: RunningOrders;
let staff: Customer;
beforeAll(async () => {
  shop = await startOrders({ withoutBrewers: true });
  staff = customerOf(shop.origin, 'staff');
});
afterAll(async () => { await shop.close(); });

const line = (number: number, quantity = 1): { menuItemId: string; quantity: number } => ({ menuItemId: DRINKS[number]?.id ?? '', quantity });
const stockOf = async (number: number): Promise<number> => {
  const [row] = await shop.database.query<{ stock: number }>('SELECT stock FROM orders.menu_items WHERE id = $1', [DRINKS[number]?.id]);
  return row?.stock ?? -1;
};
const countOrdersOf = async ({ id }: Customer): Promise<number> => (await shop.database.query('SELECT 1 FROM orders.orders WHERE customer_id = $1', [id])).length;

async function editMenu(number: number, body: Record<string, unknown>): Promise<void> {
  expect(await staff.send('PATCH', `/menu/${DRINKS[number]?.id}`, { body, headers: { 'if-match': '*' } })).toMatchObject({ status: 200 });
}

describe('an order', () => {
  test('is answered with 201, its path and version, and takes stock', async () => {
    const customer = customerOf(shop.origin);
    const { status, headers, body } = await customer.place([line(1, 2), line(9)]);
    expect(status).toBe(201);
    expect(Order.parse(body)).toMatchObject({
      customerId: customer.id,
      status: 'placed',
      version: 1,
      totalCents: 2 * 320 + 480,
      items: [{ ...line(1, 2), name: 'Doubleshot', unitPriceCents: 320 }, { ...line(9), name: 'Pour-over', unitPriceCents: 480 }],
    });
    expect(headers.get('location')).toBe(`/api/v1/orders/${body.id}`);
    expect(headers.get('etag')).toBe('"1"');
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect(headers.has('idempotency-replayed')).toBe(false);
    expect([await stockOf(1), await stockOf(9)]).toEqual([999_998, 999_999]);
    expect((await customer.send('GET', `/orders/${body.id}`)).body).toEqual(body);
  });

  test('leaves one fact and one task for each station in the outbox', async () => {
    const { body } = await customerOf(shop.origin).place([line(0, 3), line(1), line(10, 2)]);
    const rows = await shop.database.query<{ target: string; destination: string; key: string; payload: string }>(
      `SELECT target, destination, key, payload FROM orders.outbox WHERE payload LIKE '%' || $1 || '%' AND target = 'task' ORDER BY key`,
      [body.id],
    );
    expect(rows.map(({ destination, key }) => [destination, key])).toEqual([['brewing', 'brew-bar'], ['brewing', 'espresso']]);
    expect(rows.map(({ payload }) => BrewTask.schema.parse(JSON.parse(payload)).data.drinks)).toEqual([2, 4]);
  });

  test('is told as order.placed with the station of each item', async () => {
    const events = await collectEvents(shop.eventLog, [TOPICS.orders.name]);
    const { body } = await customerOf(shop.origin).place([line(0), line(10)]);
    await expect.poll(() => events.find(({ subject }) => subject === body.id)).toBeDefined();
    const placed = OrderPlaced.schema.parse(events.find(({ subject }) => subject === body.id));
    expect(placed.data).toMatchObject({ orderId: body.id, customerId: body.customerId, version: 1, at: body.placedAt, totalCents: body.totalCents });
    expect(placed.data.items.map(({ station }) => station)).toEqual(['espresso', 'brew-bar']);
  });
});

describe('the Idempotency-Key', () => {
  test('missing is 400; malformed is 400', async () => {
    const customer = customerOf(shop.origin);
    expect(await customer.send('POST', '/orders', { body: { items: [line(0)] } })).toMatchObject({ status: 400, body: { code: 'idempotency_key_missing' } });
    expect(await customer.place([line(0)], { 'idempotency-key': 'a b' })).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  test('again gives the same answer, marked, whatever became of the order', async () => {
    const customer = customerOf(shop.origin);
    const key = { 'idempotency-key': randomUUID() };
    const first = await customer.place([line(2, 2)], key);
    const before = await stockOf(2);
    expect((await customer.send('POST', `/orders/${first.body.id}/cancel`, { body: { reason: 'late' } })).status).toBe(200);
    const again = await customer.place([line(2, 2)], key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.headers.get('etag')).toBe('"1"');
    expect([await stockOf(2), await countOrdersOf(customer)]).toEqual([before + 2, 1]);
  });

  test('with another body is 422, also when that body could not be ordered', async () => {
    const customer = customerOf(shop.origin);
    const key = { 'idempotency-key': randomUUID() };
    await customer.place([line(0)], key);
    for (const items of [[line(0, 2)], [{ menuItemId: uuidV7(), quantity: 1 }]]) {
      expect(await customer.place(items, key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    }
    expect(await countOrdersOf(customer)).toBe(1);
  });

  test('belongs to one customer', async () => {
    const key = { 'idempotency-key': 'the-same-for-both' };
    const [one, other] = [await customerOf(shop.origin).place([line(0)], key), await customerOf(shop.origin).place([line(0, 5)], key)];
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(one.body.id).not.toBe(other.body.id);
  });

  test('of a refused order may be used again', async () => {
    const customer = customerOf(shop.origin);
    const key = { 'idempotency-key': randomUUID() };
    expect((await customer.place([{ menuItemId: uuidV7(), quantity: 1 }], key)).status).toBe(404);
    expect((await customer.place([line(0)], key)).status).toBe(201);
  });

  test('that another request holds is 409 at once', async () => {
    const customer = customerOf(shop.origin);
    const key = randomUUID();
    await shop.database.transaction(async (transaction) => {
      await transaction.query('SELECT pg_advisory_xact_lock($1::bigint)', [lockNumber({ customerId: customer.id, idempotencyKey: key })]);
      expect(await customer.place([line(0)], { 'idempotency-key': key })).toMatchObject({ status: 409, body: { code: 'idempotency_in_progress' } });
    });
    expect((await customer.place([line(0)], { 'idempotency-key': key })).status).toBe(201);
  });
});

describe('an order is refused as a whole', () => {
  test.each([
    ['an unknown item', () => Promise.resolve({ menuItemId: uuidV7(), quantity: 1 }), 404, 'menu_item_not_found'],
    ['an item that is not on sale', async () => { await editMenu(3, { available: false }); return line(3); }, 409, 'menu_item_unavailable'],
    ['more than there is', async () => { await editMenu(4, { stock: 2 }); return line(4, 3); }, 409, 'out_of_stock'],
  ])('with %s', async (_, prepare, status, code) => {
    const customer = customerOf(shop.origin);
    const bad = await prepare();
    const before = await stockOf(0);
    const answer = await customer.place<Problem>([line(0), bad]);
    expect(answer).toMatchObject({ status, body: { code, detail: expect.stringContaining(bad.menuItemId) as string } });
    expect([await stockOf(0), await countOrdersOf(customer)]).toEqual([before, 0]);
  });

  test('with a body that is no order', async () => {
    const customer = customerOf(shop.origin);
    for (const items of [[], [line(0), line(0)], [line(0, 0)], [line(0, 101)], [{ menuItemId: 'espresso', quantity: 1 }]]) {
      expect(await customer.place(items)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    }
    await editMenu(11, { priceCents: 100_000_000 });
    expect(await customer.place([line(11, 2)])).toMatchObject({ status: 400, body: { errors: [{ in: 'body', at: '/items' }] } });
  });

  test('without a token', async () => {
    expect((await fetch(`${shop.origin}/api/v1/orders`, { method: 'POST' })).status).toBe(401);
  });
});

test('when staff changed price and name in another process, the order has the new ones', async () => {
  await menuOf(shop.origin);
  await shop.database.query(`UPDATE orders.menu_items SET price_cents = 777, name = 'Renamed', version = version + 1 WHERE id = $1`, [DRINKS[12]?.id]);
  const { status, body } = await customerOf(shop.origin).place([line(12, 2)]);
  expect([status, body.totalCents, body.items[0]?.name]).toEqual([201, 1_554, 'Renamed']);
});

test('the last one in stock can be had, and the menu says at once in the database when it sold out', async () => {
  await editMenu(13, { stock: 5 });
  await shop.database.query(`UPDATE orders.menu_items SET updated_at = '2020-01-01' WHERE id = $1`, [DRINKS[13]?.id]);
  expect((await customerOf(shop.origin).place([line(13, 5)])).status).toBe(201);
  const [row] = await shop.database.query<{ stock: number; updated_at: Date }>('SELECT stock, updated_at FROM orders.menu_items WHERE id = $1', [DRINKS[13]?.id]);
  expect(row?.stock).toBe(0);
  expect(row?.updated_at.getFullYear()).toBeGreaterThan(2020);
});

/** A shop whose statements are noted, and held back when asked. */
async function startWatchedShop(holdBack: (text: string) => boolean, settings: Record<string, string>): Promise<{ origin: string; texts: string[] }> {
  const texts: string[] = [];
  const wrapDatabase = (database: Database): Database => ({
    ...database,
    query: (statement, values, deadline) => {
      const text = typeof statement === 'string' ? statement : statement.text;
      texts.push(text);
      return holdBack(text) ? new Promise(() => undefined) : database.query(statement, values, deadline);
    },
  });
  const watched = await startOrders({ withoutBrewers: true, settings, databaseUrl: shop.databaseUrl, wrapDatabase });
  onTestFinished(() => watched.close());
  return { origin: watched.origin, texts };
}

test('an order costs one statement', async () => {
  const { origin, texts } = await startWatchedShop(() => false, { MENU_CACHE_MS: '60000' });
  await menuOf(origin);
  const ofOrders = (): string[] => texts.filter((text) => !/outbox_claim|outbox_suspects|menu_popularity|DELETE/.test(text) || text === PLACE_ORDER.text);
  const before = ofOrders().length;
  expect((await customerOf(origin).place([line(0), line(9)])).status).toBe(201);
  expect(ofOrders().slice(before)).toEqual([PLACE_ORDER.text]);
});

test('while the menu cannot be read, an order does not wait for it', async () => {
  let isFrozen = false;
  const { origin } = await startWatchedShop((text) => isFrozen && text.includes('FROM orders.menu_items ORDER BY position'), { MENU_CACHE_MS: '1' });
  await menuOf(origin);
  isFrozen = true;
  expect((await customerOf(origin).place([line(0)])).status).toBe(201);
});
