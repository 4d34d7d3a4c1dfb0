import { NotifyTask, OrderReady, UserRegistered } from '@doubleshot/contracts';
import { outboxTask, uuidV7, type Message, type TaskQueue } from '@doubleshot/shared/messaging';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { messageOf, startNotifications, type RunningNotifications } from '../testing/running-notifications.ts';

const QUEUE = 'notifications.email';
const LAST_TRY = 6;
/** More than a relay within one process has under way at once. */
const MANY = 100;

describe.each([
  ['in process', () => Promise.resolve('in-process:')],
  ['over PostgreSQL', () => createTestDatabase()],
])('an e-mail whose contact is not known yet, with the queue %s', (_name, urlOf) => {
  let shop: RunningNotifications;
  const tries = new Map<string, number>();
  beforeAll(async () => { shop = await startNotifications({ taskQueueUrl: await urlOf(), wrapTaskQueue: atTheLastTry }); });
  afterAll(async () => { await shop.close(); });

  /** Every try is the last that counts. */
  function atTheLastTry(taskQueue: TaskQueue): TaskQueue {
    return {
      ...taskQueue,
      consume: ({ handler, ...options }) =>
        taskQueue.consume({
          ...options,
          handler: (delivery) => {
            if (options.queue === QUEUE) tries.set(delivery.message.id, (tries.get(delivery.message.id) ?? 0) + 1);
            return handler({ ...delivery, attempt: LAST_TRY });
          },
        }),
    };
  }

  const register = (userId: string): Promise<void> => shop.publish(messageOf(UserRegistered, userId, { userId, email: `${userId}@example.com`, name: 'Ada', role: 'customer' }), 'users.v1');
  const mailsTo = (userId: string): number => shop.mail.to(`${userId}@example.com`).length;

  async function orderReady(customerId: string): Promise<void> {
    const orderId = uuidV7();
    await shop.publish(messageOf(OrderReady, orderId, { orderId, customerId, version: 3, at: new Date().toISOString() }));
  }

  test('is tried on, and sent once the registration is there', async () => {
    const customer = uuidV7();
    tries.clear();
    await orderReady(customer);
    await expect.poll(() => Math.max(0, ...tries.values()), { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    expect(await shop.taskQueue.parked(QUEUE, 10)).toEqual([]);
    await register(customer);
    await expect.poll(() => mailsTo(customer), { timeout: 20_000 }).toBe(1);
  });

  test('holds back no others, however many they are', async () => {
    const [unknown, known] = [uuidV7(), uuidV7()];
    await register(known);
    for (let orders = 0; orders < MANY; orders += 1) await orderReady(unknown);
    await orderReady(known);
    await expect.poll(() => mailsTo(known), { timeout: 20_000 }).toBe(1);
    await register(unknown);
    await expect.poll(() => mailsTo(unknown), { timeout: 40_000 }).toBe(MANY);
  });

  test('is parked with its reason when it is a day old, and sent when it is replayed after the registration', async () => {
    const customer = uuidV7();
    const task = dated(taskOf(customer), new Date(Date.now() - 25 * 60 * 60 * 1_000));
    await shop.taskQueue.send('notifications', [task]);
    await expect.poll(() => shop.taskQueue.parked(QUEUE, 10), { timeout: 10_000 }).toMatchObject([{ message: { id: task.id }, reason: expect.stringMatching(/^TooEarlyError: no contact is known for user .* yet/) as string }]);
    await register(customer);
    expect(await shop.taskQueue.replay(QUEUE)).toBe(1);
    await expect.poll(() => mailsTo(customer), { timeout: 10_000 }).toBe(1);
  });
});

function taskOf(userId: string): Message {
  const notification = { id: uuidV7(), type: 'order.ready' as const, orderId: uuidV7(), title: 'Ready', text: 'Come', createdAt: new Date().toISOString() };
  const row = outboxTask(NotifyTask, { source: '/test', subject: notification.id, data: { channel: 'email', userId, notification }, exchange: 'notifications', routingKey: 'email.order.ready' });
  return { id: row.messageId, key: row.key, headers: row.headers, payload: row.payload };
}

function dated(message: Message, time: Date): Message {
  return { ...message, payload: JSON.stringify({ ...(JSON.parse(message.payload) as object), time: time.toISOString() }) };
}
