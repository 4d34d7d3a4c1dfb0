import { NotifyTask, OrderBrewing, OrderPlaced, type Notification } from '@doubleshot/contracts';
import { outboxTask, uuidV7, type Message, type TaskQueue } from '@doubleshot/shared/messaging';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openEventStream, type EventStreamClient, type OpenEventStreamOptions } from '../../../../tests/setup/event-stream-client.ts';
import { messageOf, startNotifications, type RunningNotifications, type RunningNotificationsOptions } from '../testing/running-notifications.ts';
import { createStreamEventStore } from './stream-event-store.ts';
import { clean } from './stream-timers.ts';

async function open(shop: RunningNotifications, userId: string, options: Partial<OpenEventStreamOptions> = {}): Promise<EventStreamClient> {
  const client = await openEventStream(`${shop.origin}/api/v1/stream`, { token: shop.tokenOf(userId), ...options });
  onTestFinished(() => { client.close(); });
  return client;
}

async function place(shop: RunningNotifications, customerId: string, orderId = uuidV7()): Promise<void> {
  await shop.publish(messageOf(OrderPlaced, orderId, { orderId, customerId, version: 1, at: new Date().toISOString(), items: [], totalCents: 0 }));
}

async function placeMany(shop: RunningNotifications, customerId: string, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => place(shop, customerId)));
}

/** An in-app task whose text fills socket buffers. */
function longNotification(userId: string): Message {
  const notification: Notification = {
    id: uuidV7(),
    type: 'order.ready',
    orderId: uuidV7(),
    title: 'long',
    text: 'x'.repeat(50_000),
    createdAt: new Date().toISOString(),
  };
  const { messageId, headers, payload } = outboxTask(
    NotifyTask,
    { source: '/test', subject: userId, data: { channel: 'inapp', userId, notification }, exchange: 'notifications', routingKey: 'inapp' },
  );
  return { id: messageId, key: 'inapp.order.ready', headers, payload };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('a stream', () => {
  let shop: RunningNotifications;
  beforeAll(async () => { shop = await startNotifications({ settings: { STREAM_MAX_CONNECTIONS_PER_USER: '3', STREAM_MAX_CONNECTIONS: '20' } }); });
  afterAll(async () => { await shop.close(); });

  test('has the headers proxies must see, and begins now', async () => {
    const userId = uuidV7();
    await placeMany(shop, userId, 2);
    const client = await open(shop, userId);
    expect(client.status).toBe(200);
    expect(client.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    const orderId = uuidV7();
    await place(shop, userId, orderId);
    await shop.publish(messageOf(OrderBrewing, orderId, { orderId, customerId: userId, version: 2, at: new Date().toISOString() }));
    await expect.poll(() => client.events).toMatchObject([
      { id: 3, event: 'order.status', data: { orderId, status: 'placed', version: 1 } },
      { id: 4, event: 'order.status', data: { orderId, status: 'brewing', version: 2 } },
    ]);
    expect(client.text()).toMatch(/^retry: \d+\nid: 2\n\n/);
  });

  test('tells nobody of the orders of another', async () => {
    const [userId, other] = [uuidV7(), uuidV7()];
    const client = await open(shop, userId);
    await place(shop, other);
    await place(shop, userId);
    await expect.poll(() => client.ids()).toEqual([1]);
  });

  test('resumes exactly behind Last-Event-ID, from the beginning with 0, and from now with an id that was never given out', async () => {
    const userId = uuidV7();
    await placeMany(shop, userId, 5);
    const [third, all, future] = [
      await open(shop, userId, { lastEventId: 3 }),
      await open(shop, userId, { lastEventId: 0 }),
      await open(shop, userId, { lastEventId: 999 }),
    ];
    await expect.poll(() => third.ids()).toEqual([4, 5]);
    await expect.poll(() => all.ids()).toEqual(range(1, 5));
    await place(shop, userId);
    await expect.poll(() => future.ids()).toEqual([6]);
  });

  test('refuses a Last-Event-ID that is not an id', async () => {
    const client = await open(shop, uuidV7(), { lastEventId: 'yesterday' });
    await expect.poll(() => client.hasEnded()).toBe(true);
    expect([client.status, JSON.parse(client.text())]).toEqual([400, expect.objectContaining({ code: 'validation_failed' })]);
  });

  test('that is broken again and again while events are written gives every id once and in order', async () => {
    const userId = uuidV7();
    const total = 300;
    const writing = (async () => {
      for (let written = 0; written < total; written += 10) await placeMany(shop, userId, 10);
    })();
    const seen: number[] = [];
    let connections = 0;
    for (let lastEventId = 0; lastEventId < total; connections += 1) {
      const client = await open(shop, userId, { lastEventId });
      await expect.poll(() => client.events.length, { interval: 1, timeout: 10_000 }).toBeGreaterThan(0);
      client.close();
      await expect.poll(() => client.hasEnded(), { interval: 1 }).toBe(true);
      seen.push(...client.ids());
      lastEventId = seen.at(-1) ?? 0;
    }
    await writing;
    expect(seen).toEqual(range(1, total));
    expect(connections).toBeGreaterThan(3);
  });

  test('over the bound of a user is refused with 429, and a place is free again when one ends', async () => {
    const userId = uuidV7();
    const clients = [await open(shop, userId), await open(shop, userId), await open(shop, userId)];
    const refused = await open(shop, userId);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
    clients[0]?.close();
    await expect.poll(async () => {
      const client = await openEventStream(`${shop.origin}/api/v1/stream`, { token: shop.tokenOf(userId) });
      client.close();
      return client.status;
    }).toBe(200);
  });

  test('over the bound of the process is refused with 503', async () => {
    const clients: EventStreamClient[] = [];
    for (let opened = 0; opened < 25; opened += 1) clients.push(await open(shop, uuidV7()));
    expect(clients.at(-1)?.status).toBe(503);
    expect(clients.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(20);
    for (const client of clients) client.close();
    await expect.poll(async () => (await shop.metrics.getSingleMetric('doubleshot_stream_connections')?.get())?.values[0]?.value).toBe(0);
  });

  test('ends when its access token expires', async () => {
    const userId = uuidV7();
    const client = await open(shop, userId, { token: shop.tokenOf(userId, new Date(Date.now() + 400)) });
    expect(client.hasEnded()).toBe(false);
    await expect.poll(() => client.hasEnded(), { timeout: 3_000 }).toBe(true);
  });

  test('whose client does not read is ended, and nothing is lost for the next one', async () => {
    const userId = uuidV7();
    const client = await open(shop, userId);
    client.pause();
    const total = 400;
    await shop.taskQueue.send('notifications', Array.from({ length: total }, () => longNotification(userId)));
    await expect.poll(
      async () => (await shop.metrics.getSingleMetric('doubleshot_stream_slow_clients_total')?.get())?.values[0]?.value,
      { timeout: 20_000 },
    ).toBe(1);
    client.resume();
    await expect.poll(() => client.hasEnded()).toBe(true);
    const seen = client.ids();
    while (seen.length < total) {
      const next = await open(shop, userId, { lastEventId: seen.at(-1) ?? 0 });
      await expect.poll(() => next.hasEnded() || next.ids().at(-1) === total, { timeout: 20_000 }).toBe(true);
      seen.push(...next.ids());
      next.close();
    }
    expect(seen).toEqual(range(1, total));
  });

  test('of events older than the retention begins with what is left', async () => {
    const userId = uuidV7();
    await placeMany(shop, userId, 3);
    await shop.database.query(`UPDATE notifications.stream_events SET created_at = now() - interval '2 hours' WHERE customer_id = $1 AND id < 3`, [userId]);
    await clean(createStreamEventStore(shop.database), 1);
    const client = await open(shop, userId, { lastEventId: 0 });
    await place(shop, userId);
    await expect.poll(() => client.ids()).toEqual([3, 4]);
  });
});

describe('when live pushes are lost', () => {
  async function losing(lose: (pushed: number) => boolean, options: RunningNotificationsOptions = {}): Promise<RunningNotifications> {
    let pushed = 0;
    const wrapTaskQueue = (queue: TaskQueue): TaskQueue => ({
      ...queue,
      broadcast: (exchange, message) => (lose((pushed += 1)) ? Promise.resolve() : queue.broadcast(exchange, message)),
    });
    const shop = await startNotifications({ ...options, wrapTaskQueue });
    onTestFinished(() => shop.close());
    return shop;
  }

  test('the next one that arrives brings what was missed', async () => {
    const shop = await losing((pushed) => pushed < 4);
    const userId = uuidV7();
    const client = await open(shop, userId);
    for (let placed = 0; placed < 4; placed += 1) await place(shop, userId);
    await expect.poll(() => client.ids(), { timeout: 2_000 }).toEqual([1, 2, 3, 4]);
  });

  test('and none arrives, the database is looked at', async () => {
    const shop = await losing(() => true);
    const userId = uuidV7();
    const client = await open(shop, userId);
    await placeMany(shop, userId, 3);
    await expect.poll(() => client.ids(), { timeout: 10_000 }).toEqual([1, 2, 3]);
  });

  test('because the broker fails, facts are handled all the same', async () => {
    const failing = (queue: TaskQueue): TaskQueue => ({ ...queue, broadcast: () => Promise.reject(new Error('the broker is down')) });
    const shop = await startNotifications({ wrapTaskQueue: failing });
    onTestFinished(() => shop.close());
    const userId = uuidV7();
    await place(shop, userId);
    const client = await open(shop, userId, { lastEventId: 0 });
    await expect.poll(() => client.ids()).toEqual([1]);
    expect(await shop.eventLog.lag()).toEqual(expect.not.arrayContaining([expect.objectContaining({ topic: 'orders.v1', lag: 1 })]));
  });
});

test('when the module closes, every stream ends at once and new ones are refused', async () => {
  const shop = await startNotifications();
  const clients = [await open(shop, uuidV7()), await open(shop, uuidV7())];
  await shop.module.close();
  await expect.poll(() => clients.every((client) => client.hasEnded())).toBe(true);
  const refused = await open(shop, uuidV7());
  expect(refused.status).toBe(503);
  await shop.close();
});
