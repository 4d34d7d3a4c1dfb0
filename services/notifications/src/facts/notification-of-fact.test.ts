import { Notification } from '@doubleshot/contracts';
import { expect, test } from 'vitest';
import { notificationOfFact } from './notification-of-fact.ts';

const FACT = { eventId: '019aaf00-0000-7000-8000-000000000001', orderId: '019aaf00-0000-7000-8000-00000abcdef2', at: '2026-11-23T08:00:00.000Z' };

test('a notification keeps the id and the time of its fact, so that the same fact gives the same notification', () => {
  const made = notificationOfFact({ ...FACT, type: 'order.ready' });
  expect(made).toEqual({
    id: FACT.eventId,
    type: 'order.ready',
    orderId: FACT.orderId,
    title: 'Your order is ready',
    text: 'Order bcdef2 is ready. Enjoy your coffee!',
    createdAt: FACT.at,
  });
  expect(Notification.parse(made)).toEqual(made);
});

test('a cancellation tells its reason when there is one', () => {
  expect(notificationOfFact({ ...FACT, type: 'order.cancelled', reason: 'out of oat milk' }).text).toBe('Order bcdef2 was cancelled: out of oat milk');
  expect(notificationOfFact({ ...FACT, type: 'order.cancelled' }).text).toBe('Order bcdef2 was cancelled.');
});
