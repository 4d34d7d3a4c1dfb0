import type { Order, OrderPage } from '@doubleshot/contracts';
import { OrderCancelled, TOPICS } from '@doubleshot/contracts';
import { uuidV7 } from '@doubleshot/shared/messaging';
import type { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRINKS } from '../menu/drinks.ts';
import { collectEvents } from '../testing/collect-events.ts';
import { customerOf, type Customer } from '../testing/customer.ts';
import { startOrders, type RunningOrders } from '../testing/running-orders.ts';

type Page = z.infer<typeof OrderPage>;

let shop: RunningOrders;
beforeAll(async () => { shop = await startOrders({ withoutBrewers: true }); });
afterAll(async () => { await shop.close(); });

const line = (number: number, quantity = 1): { menuItemId: string; quantity: number } => ({ menuItemId: DRINKS[number]?.id ?? '', quantity });
const setStatus = (id: string, status: string): Promise<unknown> =>
  shop.database.query('UPDATE orders.orders SET status = $2, version = version + 1 WHERE id = $1', [id, status]);
const stockOf = async (number: number): Promise<number | undefined> =>
  (await shop.database.query<{ stock: number }>('SELECT stock FROM orders.menu_items WHERE id = $1', [DRINKS[number]?.id]))[0]?.stock;

async function placed(customer: Customer): Promise<Order> {
  const { status, body } = await customer.place([line(0), line(9, 2)]);
  expect(status).toBe(201);
  return body;
}

describe('GET /orders/:id', () => {
  test('answers the order with its version as ETag, 304 while it is known, 200 again when it changed', async () => {
    const customer = customerOf(shop.origin);
    const order = await placed(customer);
    const read = (etag: string) => customer.send<Order>('GET', `/orders/${order.id}`, { headers: { 'if-none-match': etag } });
    const answer = await customer.send('GET', `/orders/${order.id}`);
    expect(answer).toMatchObject({ status: 200, body: order });
    expect(answer.headers.get('etag')).toBe('"1"');
    const known = await read('"1"');
    expect([known.status, known.body, known.headers.get('etag')]).toEqual([304, undefined, '"1"']);
    await setStatus(order.id, 'brewing');
    expect(await read('"1"')).toMatchObject({ status: 200, body: { status: 'brewing', version: 2 } });
  });

  test("another customer's order, and none, are 404; no id is 400; no token is 401", async () => {
    const order = await placed(customerOf(shop.origin));
    const stranger = customerOf(shop.origin);
    for (const id of [order.id, uuidV7()]) expect(await stranger.send('GET', `/orders/${id}`)).toMatchObject({ status: 404, body: { code: 'order_not_found' } });
    expect(await stranger.send('GET', '/orders/1')).toMatchObject({ status: 400 });
    expect((await fetch(`${shop.origin}/api/v1/orders/${order.id}`)).status).toBe(401);
  });
});

describe('GET /orders', () => {
  test('lists own orders newest first, page by page, also while new ones come', async () => {
    const customer = customerOf(shop.origin);
    const orders: Order[] = [];
    for (let count = 0; count < 5; count += 1) orders.unshift(await placed(customer));
    await placed(customerOf(shop.origin));
    const first = await customer.send<Page>('GET', '/orders?limit=2');
    await placed(customer);
    const second = await customer.send<Page>('GET', `/orders?limit=2&cursor=${first.body.nextCursor}`);
    const third = await customer.send<Page>('GET', `/orders?limit=2&cursor=${second.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items, ...third.body.items]).toEqual(orders);
    expect([first, second, third].map(({ body }) => body.nextCursor !== undefined)).toEqual([true, true, false]);
  });

  test('is empty for somebody new; a full last page has no cursor', async () => {
    const customer = customerOf(shop.origin);
    expect(await customer.send('GET', '/orders')).toMatchObject({ status: 200, body: { items: [] } });
    await placed(customer);
    expect(Object.keys((await customer.send<Page>('GET', '/orders?limit=1')).body)).toEqual(['items']);
  });

  test('refuses cursors and limits that make no sense', async () => {
    const customer = customerOf(shop.origin);
    const foreign = Buffer.from(JSON.stringify({ before: 'yesterday' })).toString('base64url');
    for (const cursor of ['nonsense', foreign]) expect(await customer.send('GET', `/orders?cursor=${cursor}`)).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
    for (const limit of ['0', '101', 'x']) expect(await customer.send('GET', `/orders?limit=${limit}`)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });
});

describe('POST /orders/:id/cancel', () => {
  test('cancels, puts the stock back, tells it, and answers the same again', async () => {
    const events = await collectEvents(shop.eventLog, [TOPICS.orders.name]);
    const customer = customerOf(shop.origin);
    const before = [await stockOf(0), await stockOf(9)];
    const order = await placed(customer);
    const answer = await customer.send<Order>('POST', `/orders/${order.id}/cancel`, { body: { reason: 'rain' } });
    expect(answer).toMatchObject({ status: 200, body: { ...order, status: 'cancelled', version: 2, cancelReason: 'rain', updatedAt: expect.any(String) as string } });
    expect(answer.headers.get('etag')).toBe('"2"');
    expect(await customer.send('POST', `/orders/${order.id}/cancel`, { body: { reason: 'sun' } })).toMatchObject({ status: 200, body: answer.body });
    expect([await stockOf(0), await stockOf(9)]).toEqual(before);
    await expect.poll(() => events.filter(({ subject, type }) => subject === order.id && type === OrderCancelled.type)).toHaveLength(1);
    expect(events.find(({ type }) => type === OrderCancelled.type)?.data).toMatchObject({ orderId: order.id, customerId: customer.id, version: 2, reason: 'rain' });
  });

  test('of the last one in stock does not turn the time of the menu back', async () => {
    const customer = customerOf(shop.origin);
    const { body } = await customer.place([line(5)]);
    const ahead = new Date(Date.now() + 60_000);
    await shop.database.query('UPDATE orders.menu_items SET stock = 0, updated_at = $2 WHERE id = $1', [DRINKS[5]?.id, ahead]);
    expect((await customer.send('POST', `/orders/${body.id}/cancel`)).status).toBe(200);
    const rows = await shop.database.query('SELECT stock, updated_at FROM orders.menu_items WHERE id = $1', [DRINKS[5]?.id]);
    expect(rows).toEqual([{ stock: 1, updated_at: ahead }]);
  });

  test('needs no body', async () => {
    const customer = customerOf(shop.origin);
    const { id } = await placed(customer);
    const { status, body } = await customer.send<Order>('POST', `/orders/${id}/cancel`);
    expect([status, body.status, 'cancelReason' in body]).toEqual([200, 'cancelled', false]);
  });

  test.each(['brewing', 'ready'])('is 409 once the order is %s, and takes nothing back', async (status) => {
    const customer = customerOf(shop.origin);
    const { id } = await placed(customer);
    await setStatus(id, status);
    const before = await stockOf(0);
    expect(await customer.send('POST', `/orders/${id}/cancel`)).toMatchObject({ status: 409, body: { code: 'order_not_cancellable' } });
    expect(await stockOf(0)).toBe(before);
  });

  test("another customer's order is 404 and stays", async () => {
    const owner = customerOf(shop.origin);
    const { id } = await placed(owner);
    expect(await customerOf(shop.origin).send('POST', `/orders/${id}/cancel`)).toMatchObject({ status: 404, body: { code: 'order_not_found' } });
    expect((await owner.send('GET', `/orders/${id}`)).body).toMatchObject({ status: 'placed' });
  });

  test('ten times at once is once', async () => {
    const customer = customerOf(shop.origin);
    const before = await stockOf(9);
    const { id } = await placed(customer);
    const answers = await Promise.all(Array.from({ length: 10 }, () => customer.send('POST', `/orders/${id}/cancel`)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(await stockOf(9)).toBe(before);
  });
});
