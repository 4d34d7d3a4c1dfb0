import { expect, test } from 'vitest';
import { subjectOf } from './message-subject.ts';

const [orderId, userId] = ['019aaf00-0000-7000-8000-000000000001', '019aaf00-0000-7000-8000-000000000002'];

test.each([
  ['a fact of an order', { orderId, customerId: userId, version: 1 }, { orderId, userId }],
  ['a brewing task', { orderId, station: 'espresso', drinks: 1 }, { orderId }],
  ['a notification task', { channel: 'email', userId, notification: { orderId } }, { orderId, userId }],
  ['a live push', { userId, event: { event: 'order.status', data: { orderId } } }, { orderId, userId }],
  ['a registration', { userId, email: 'ada@customers.example' }, { userId }],
  ['a change of the menu', { item: {} }, {}],
  ['something malformed', { orderId: { email: 'ada@customers.example' }, userId: 'x'.repeat(1_000) }, {}],
  ['nothing', undefined, {}],
])('when a message is %s, then its order and user are found', (_, data, subject) => {
  expect(subjectOf(data)).toEqual(subject);
});
