import { expect, test } from 'vitest';
import { observeMails, type DeliveredMail, type DeliveredMails } from './observe-mail.ts';

const ORDER_ID = '019aaf00-0000-7000-8000-0000003fa2b1';
const CONTEXT = {
  customers: [
    { id: 'c1', email: 'One@Example.org', token: () => Promise.resolve('') },
    { id: 'c3', email: 'three@example.org', token: () => Promise.resolve('') },
  ],
  orders: [{ id: ORDER_ID, customerId: 'c1', status: 'ready' as const, items: [], payloadHash: '' }],
  notifications: [{ id: 'n1', customerId: 'c1', orderId: 'other-order', type: 'order.ready' as const }],
};

const kept = (mails: readonly DeliveredMail[]): DeliveredMails => ({ mails, received: mails.length });

test.each([
  ['its Message-ID names a notification', '<n1@doubleshot.invalid>', 'text', 'other-order'],
  ['its Message-ID names none, but the text has the digits', '<n9@doubleshot.invalid>', 'Order 3fa2b1 is ready.', ORDER_ID],
  ['it names nothing', '<n9@doubleshot.invalid>', 'Order ffffff is ready.', undefined],
])('when %s, then the order is found accordingly', (_, messageId, text, orderId) => {
  expect(observeMails(kept([{ messageId, to: ['one@example.org'], text }]), CONTEXT)).toEqual([{ messageId, customerId: 'c1', orderId }]);
});

test('when a mail is for somebody else, then it is left out', () => {
  expect(observeMails(kept([{ messageId: '<n1@x>', to: ['two@example.org'], text: '' }]), CONTEXT)).toEqual([]);
});

test('when a mail is for two customers, then each of them got it', () => {
  const seen = observeMails(kept([{ messageId: '<n1@x>', to: ['one@example.org', 'three@example.org'], text: '' }]), CONTEXT);
  expect(seen.map(({ customerId, orderId }) => [customerId, orderId])).toEqual([['c1', 'other-order'], ['c3', 'other-order']]);
});

test('when the receiver has dropped some, then nothing is said about what came', () => {
  expect(() => observeMails({ mails: [{ messageId: '<n1@x>', to: ['one@example.org'], text: '' }], received: 2 }, CONTEXT)).toThrow('kept the last 1 of 2');
});
