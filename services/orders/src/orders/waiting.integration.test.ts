import type { Order } from '@doubleshot/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRINKS } from '../menu/drinks.ts';
import { customerOf, type Answer, type Customer } from '../testing/customer.ts';
import { startOrders, type RunningOrders } from '../testing/running-orders.ts';
import { MOST_WAITERS_OF_CUSTOMER } from './order-watch.ts';

let shop: RunningOrders;
let elsewhere: RunningOrders;
beforeAll(async () => {
  shop = await startOrders({ withoutBrewers: true });
  elsewhere = await startOrders({ withoutBrewers: true, databaseUrl: shop.databaseUrl });
});
afterAll(async () => { await Promise.all([shop.close(), elsewhere.close()]); });

const items = [{ menuItemId: DRINKS[0]?.id ?? '', quantity: 1 }];
const setStatus = (id: string, status: string): Promise<unknown> =>
  shop.database.query('UPDATE orders.orders SET status = $2, version = version + 1 WHERE id = $1', [id, status]);
const longPoll = (customer: Customer, { id, version }: Order, wait: string): Promise<Answer<Order>> =>
  customer.send('GET', `/orders/${id}`, { headers: { 'if-none-match': `"${version}"`, prefer: wait } });

const oneWaitsAt = async ({ waits }: RunningOrders): Promise<void> => { await expect.poll(waits, { timeout: 5_000 }).toBe(1); };

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const startedMs = performance.now();
  return { result: await work, ms: performance.now() - startedMs };
}

describe('GET with Prefer: wait', () => {
  test('answers at the next change made in this process', async () => {
    const customer = customerOf(shop.origin);
    const { body } = await customer.place(items);
    const waiting = timed(longPoll(customer, body, 'wait=20'));
    await oneWaitsAt(shop);
    await customer.send('POST', `/orders/${body.id}/cancel`);
    const { result, ms } = await waiting;
    expect(result).toMatchObject({ status: 200, body: { status: 'cancelled', version: 2 } });
    expect([result.headers.get('preference-applied'), result.headers.get('etag')]).toEqual(['wait=20', '"2"']);
    expect(ms).toBeLessThan(10_000);
  });

  test('answers at a change made by another process', async () => {
    const customer = customerOf(shop.origin);
    const { body } = await customer.place(items);
    const waiting = longPoll(customer, body, 'wait=20');
    await oneWaitsAt(shop);
    await customerOf(elsewhere.origin, 'customer', customer.id).send('POST', `/orders/${body.id}/cancel`);
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  test('answers 304 when nothing changed in time', async () => {
    const customer = customerOf(shop.origin);
    const { body } = await customer.place(items);
    const { result, ms } = await timed(longPoll(customer, body, 'respond-async, wait=1'));
    expect([result.status, result.headers.get('preference-applied'), result.headers.get('etag')]).toEqual([304, 'wait=1', '"1"']);
    expect(ms).toBeGreaterThanOrEqual(990);
  });

  test('does not wait when the client has an older version, or asked for no wait', async () => {
    const customer = customerOf(shop.origin);
    const { body } = await customer.place(items);
    await setStatus(body.id, 'brewing');
    const answer = await longPoll(customer, body, 'wait=20');
    expect([answer.status, answer.body.status, answer.headers.has('preference-applied')]).toEqual([200, 'brewing', false]);
    expect((await longPoll(customer, { ...body, version: 2 }, 'wait=0')).status).toBe(304);
  });
});

describe('POST with Prefer: wait', () => {
  test('answers when the order is ready, not before', async () => {
    const customer = customerOf(shop.origin);
    const waiting = customer.place(items, { prefer: 'wait=20' });
    const id = await onlyOrderOf(customer);
    await setStatus(id, 'brewing');
    await setStatus(id, 'ready');
    const { status, headers, body } = await waiting;
    expect([status, body.status, body.version]).toEqual([201, 'ready', 3]);
    expect([headers.get('preference-applied'), headers.get('etag'), headers.get('location')]).toEqual(['wait=20', '"3"', `/api/v1/orders/${id}`]);
  });

  test('answers the placed order when it is not ready in time', async () => {
    const answer = await customerOf(shop.origin).place(items, { prefer: 'wait=1' });
    expect([answer.status, answer.body.status, answer.headers.get('preference-applied')]).toEqual([201, 'placed', 'wait=1']);
  });

  test('again with the same key waits for the same order', async () => {
    const customer = customerOf(shop.origin);
    const headers = { 'idempotency-key': 'mine', prefer: 'wait=20' };
    const both = [customer.place(items, headers)];
    const id = await onlyOrderOf(customer);
    both.push(customer.place(items, headers));
    await customer.send('POST', `/orders/${id}/cancel`);
    const [first, second] = await Promise.all(both);
    expect(second?.body).toEqual(first?.body);
    expect([first?.body.status, second?.headers.get('idempotency-replayed')]).toEqual(['cancelled', 'true']);
  });
});

test('of many waits of one customer those too many are answered at once and do not say they waited; others may wait', async () => {
  const greedy = customerOf(shop.origin);
  const { body } = await greedy.place(items);
  const held = Array.from({ length: MOST_WAITERS_OF_CUSTOMER }, () => longPoll(greedy, body, 'wait=20'));
  await expect.poll(shop.waits, { timeout: 5_000 }).toBe(MOST_WAITERS_OF_CUSTOMER);
  const [polled, placed] = await Promise.all([longPoll(greedy, body, 'wait=20'), greedy.place(items, { prefer: 'wait=20' })]);
  expect([polled.status, polled.headers.has('preference-applied')]).toEqual([304, false]);
  expect([placed.status, placed.body.status, placed.headers.has('preference-applied')]).toEqual([201, 'placed', false]);
  const other = await customerOf(shop.origin).place(items, { prefer: 'wait=1' });
  expect(other.headers.get('preference-applied')).toBe('wait=1');
  await greedy.send('POST', `/orders/${body.id}/cancel`);
  expect(new Set((await Promise.all(held)).map(({ status, headers }) => `${status} ${headers.get('preference-applied')}`))).toEqual(new Set(['200 wait=20']));
});

async function onlyOrderOf(customer: Customer): Promise<string> {
  const find = async (): Promise<string | undefined> => (await customer.send<{ items: Order[] }>('GET', '/orders')).body.items[0]?.id;
  await expect.poll(find).toBeDefined();
  return (await find()) ?? '';
}

test('when the process shuts down, everybody who waits is answered', async () => {
  const leaving = await startOrders({ withoutBrewers: true, databaseUrl: shop.databaseUrl });
  const customer = customerOf(leaving.origin);
  const { body } = await customer.place(items);
  const waiting = [longPoll(customer, body, 'wait=20'), customer.place(items, { prefer: 'wait=20' })];
  await expect.poll(leaving.waits).toBe(2);
  const { ms } = await timed(Promise.all([leaving.module.close(), ...waiting]));
  const answers = await Promise.all(waiting);
  expect(answers).toMatchObject([{ status: 304 }, { status: 201, body: { status: 'placed' } }]);
  expect(answers.map(({ headers }) => headers.has('preference-applied'))).toEqual([false, false]);
  expect(ms).toBeLessThan(10_000);
  await leaving.close();
});
