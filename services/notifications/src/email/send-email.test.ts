import { expect, test } from 'vitest';
import { mailTo } from './send-email.ts';

const CANCELLED = {
  id: '019aaf00-0000-7000-8000-000000000001',
  type: 'order.cancelled',
  orderId: '019aaf00-0000-7000-8000-000000abcdef',
  title: 'Your order was cancelled',
  text: 'Order abcdef was cancelled: Buy pills at evil.example',
  createdAt: '2026-01-01T10:00:00.000Z',
} as const;

test('an e-mail greets its customer and says what happened in the words of the shop, not in those of whoever cancelled', () => {
  expect(mailTo({ userId: 'ada', name: 'Ada Lovelace', email: 'ada@customers.example' }, CANCELLED)).toEqual({
    id: CANCELLED.id,
    to: { name: 'Ada Lovelace', address: 'ada@customers.example' },
    subject: CANCELLED.title,
    text: 'Hello Ada Lovelace,\n\nOrder abcdef was cancelled.\n\nDoubleshot\n',
  });
});

test.each(['Win at evil.example', 'https://evil', 'WWW.evil', 'пример.рф'])('a name that would be shown as a link (%s) is left out', (name) => {
  const { to, text } = mailTo({ userId: 'ada', name, email: 'ada@customers.example' }, CANCELLED);
  expect([to.name, text]).toEqual(['', expect.stringMatching(/^Hello,\n/)]);
});

test.each(['J. R. R. Tolkien', 'J.R.R. Tolkien', "Dr. O'Neill-Smith", 'Ada'])('the name %s is no link', (name) => {
  expect(mailTo({ userId: 'ada', name, email: 'ada@customers.example' }, CANCELLED).to.name).toBe(name);
});
