import { NotificationPage, NotifyTask, OrderBrewing, OrderCancelled, OrderPlaced, OrderReady, UserRegistered, type Notification } from '@doubleshot/contracts';
import { outboxTask, uuidV7, type Message } from '@doubleshot/shared/messaging';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { forgetOldOrders } from './facts/order-versions.ts';
import { messageOf, startNotifications, type RunningNotifications } from './testing/running-notifications.ts';

let shop: RunningNotifications;
beforeAll(async () => { shop = await startNotifications(); });
afterAll(async () => { await shop.close(); });

interface Customer {
  id: string;
  email: string;
}

async function registered(): Promise<Customer> {
  const id = uuidV7();
  const email = `${id}@example.com`;
  await shop.publish(registration({ id, email }), 'users.v1');
  return { id, email };
}

function registration({ id, email }: Customer): Message {
  return messageOf(UserRegistered, id, { userId: id, email, name: 'Ada Lovelace', role: 'customer' });
}

/** The facts of one order, in order. */
function factsOf(customerId: string, orderId = uuidV7()): { orderId: string; placed: Message; brewing: Message; ready: Message; cancelled: Message } {
  const at = new Date().toISOString();
  return {
    orderId,
    placed: messageOf(OrderPlaced, orderId, { orderId, customerId, version: 1, at, items: [], totalCents: 0 }),
    brewing: messageOf(OrderBrewing, orderId, { orderId, customerId, version: 2, at }),
    ready: messageOf(OrderReady, orderId, { orderId, customerId, version: 3, at }),
    cancelled: messageOf(OrderCancelled, orderId, { orderId, customerId, version: 2, at, reason: 'changed my mind' }),
  };
}

async function list(customerId: string, query = ''): Promise<z.infer<typeof NotificationPage>> {
  const response = await fetch(`${shop.origin}/api/v1/notifications${query}`, { headers: { authorization: `Bearer ${shop.tokenOf(customerId)}` } });
  expect(response.status).toBe(200);
  return NotificationPage.parse(await response.json());
}

async function statusesOf(customerId: string): Promise<string[]> {
  const rows = await shop.database.query<{ data: { status?: string }; event: string }>(
    'SELECT event, data FROM notifications.stream_events WHERE customer_id = $1 ORDER BY id',
    [customerId],
  );
  return rows.map(({ event, data }) => data.status ?? event);
}

async function settled(): Promise<void> {
  await expect.poll(async () => (await shop.database.query('SELECT 1 FROM notifications.outbox')).length, { timeout: 10_000 }).toBe(0);
}

test('when an order becomes ready, its customer has one notification, one e-mail and every status on the stream', async () => {
  const customer = await registered();
  const { orderId, placed, brewing, ready } = factsOf(customer.id);
  for (const fact of [placed, brewing, ready]) await shop.publish(fact);
  await settled();
  const { items } = await list(customer.id);
  expect(items).toMatchObject([{ id: ready.id, type: 'order.ready', orderId, title: 'Your order is ready' }]);
  expect(shop.mail.to(customer.email)).toMatchObject([{ messageId: `<${ready.id}@doubleshot.invalid>`, subject: 'Your order is ready' }]);
  expect(await statusesOf(customer.id)).toEqual(['placed', 'brewing', 'ready', 'notification']);
});

test('when every fact and every task comes three times at once, each effect happens once', async () => {
  const customer = await registered();
  const { placed, cancelled } = factsOf(customer.id);
  const notification: Notification = {
    id: cancelled.id,
    type: 'order.cancelled',
    orderId: uuidV7(),
    title: 'Your order was cancelled',
    text: 'again',
    createdAt: new Date().toISOString(),
  };
  await Promise.all([placed, placed, placed].map((fact) => shop.publish(fact)));
  await Promise.all([cancelled, cancelled, cancelled].map((fact) => shop.publish(fact)));
  const copies = (['inapp', 'email', 'inapp', 'email', 'inapp', 'email'] as const).map((channel) => taskOf(channel, customer.id, notification));
  await Promise.all(copies.map((copy) => shop.taskQueue.send('notifications', [copy])));
  await settled();
  expect((await list(customer.id)).items).toHaveLength(1);
  expect(shop.mail.to(customer.email)).toHaveLength(1);
  expect(await statusesOf(customer.id)).toEqual(['placed', 'cancelled', 'notification']);
});

function taskOf(channel: 'inapp' | 'email', userId: string, notification: Notification): Message {
  const { messageId, headers, payload } = outboxTask(
    NotifyTask,
    { source: '/test', subject: notification.id, data: { channel, userId, notification }, exchange: 'notifications', routingKey: 'unused' },
  );
  return { id: messageId, key: `${channel}.${notification.type}`, headers, payload };
}

test('when the whole history is replayed, nothing more happens', async () => {
  const customer = await registered();
  const { placed, brewing, ready } = factsOf(customer.id);
  for (let replay = 0; replay < 3; replay += 1) {
    await shop.publish(registration(customer), 'users.v1');
    for (const fact of [placed, brewing, ready]) await shop.publish(fact);
    await settled();
  }
  expect((await list(customer.id)).items).toHaveLength(1);
  expect(shop.mail.to(customer.email)).toHaveLength(1);
  expect(await statusesOf(customer.id)).toEqual(['placed', 'brewing', 'ready', 'notification']);
});

test('when an older fact comes after a newer one, its status is not told any more', async () => {
  const customer = await registered();
  const { placed, brewing, ready } = factsOf(customer.id);
  for (const fact of [placed, ready, brewing]) await shop.publish(fact);
  await settled();
  expect((await statusesOf(customer.id)).filter((status) => status !== 'notification')).toEqual(['placed', 'ready']);
});

test('what was told of an order is forgotten a month after it was placed, that of younger ones is not', async () => {
  const [{ id: old } = { id: '' }] = await shop.database.query<{ id: string }>(`SELECT uuidv7(-interval '31 days') AS id`);
  const young = uuidV7();
  await shop.database.query('INSERT INTO notifications.order_versions SELECT id, 3 FROM unnest($1::uuid[]) AS id', [[old, young]]);
  expect(await forgetOldOrders(shop.database)).toBe(1);
  expect(await shop.database.query('SELECT order_id FROM notifications.order_versions WHERE order_id = ANY ($1)', [[old, young]])).toEqual([{ order_id: young }]);
});

test('when facts of many orders of one customer come at once, the ids of the stream have no gap', async () => {
  const customer = await registered();
  const orders = Array.from({ length: 25 }, () => factsOf(customer.id));
  await Promise.all(
    orders.map(async ({ placed, brewing, ready }) => {
      for (const fact of [placed, brewing, ready]) await shop.publish(fact);
    }),
  );
  await settled();
  const rows = await shop.database.query<{ id: string }>('SELECT id FROM notifications.stream_events WHERE customer_id = $1 ORDER BY id', [customer.id]);
  expect(rows.map(({ id }) => Number(id))).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(shop.mail.to(customer.email)).toHaveLength(25);
});

test('when a message is poison, it is parked with its reason and its neighbours go on', async () => {
  const customer = await registered();
  const { ready } = factsOf(customer.id);
  const poison: Message = { id: uuidV7(), key: ready.key, headers: {}, payload: '{"type":"order.ready.v1","data":{}}' };
  const junk: Message = { id: uuidV7(), key: 'email.order.ready', headers: {}, payload: 'not json' };
  await Promise.all([shop.publish(poison), shop.publish(ready), shop.taskQueue.send('notifications', [junk])]);
  await settled();
  expect(shop.mail.to(customer.email)).toHaveLength(1);
  expect(await shop.eventLog.parked('orders.v1', 10)).toMatchObject([{ message: { id: poison.id }, reason: expect.stringContaining('order.ready.v1') }]);
  expect(await shop.taskQueue.parked('notifications.email', 10)).toMatchObject([{ message: { id: junk.id }, reason: expect.stringContaining('not JSON') }]);
});

test('GET /notifications gives pages of one\'s own, newest first', async () => {
  const customer = await registered();
  const other = await registered();
  const facts = Array.from({ length: 5 }, () => factsOf(customer.id).ready);
  for (const fact of [...facts, factsOf(other.id).ready]) await shop.publish(fact);
  await settled();
  const first = await list(customer.id, '?limit=2');
  const second = await list(customer.id, `?limit=2&cursor=${first.nextCursor}`);
  const third = await list(customer.id, `?limit=2&cursor=${second.nextCursor}`);
  const newestFirst = facts.map(({ id }) => id).reverse();
  expect([first, second, third].map(({ items }) => items.map(({ id }) => id))).toEqual([
    newestFirst.slice(0, 2),
    newestFirst.slice(2, 4),
    newestFirst.slice(4),
  ]);
  expect(third.nextCursor).toBeUndefined();
});

test('GET /notifications refuses a cursor it did not give out', async () => {
  const response = await fetch(`${shop.origin}/api/v1/notifications?cursor=nonsense`, { headers: { authorization: `Bearer ${shop.tokenOf(uuidV7())}` } });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'cursor_invalid' });
});
