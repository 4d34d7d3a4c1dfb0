import { expect, test } from 'vitest';
import { formatOpening, formatStreamEvent } from './event-stream-format.ts';

const ORDER_ID = '019aaf00-0000-7000-8000-000000000001';

test('an event is one block, whatever line breaks its text has', () => {
  const data = {
    id: ORDER_ID,
    type: 'order.cancelled' as const,
    orderId: ORDER_ID,
    title: 'a\nb',
    text: 'c\r\n\r\nd\u2028e',
    createdAt: '2026-11-23T08:00:00.000Z',
  };
  const block = formatStreamEvent({ id: 7, event: 'notification', data });
  const [id, event, json, ...rest] = block.split('\n');
  expect([id, event, rest]).toEqual(['id: 7', 'event: notification', ['', '']]);
  expect(block).not.toContain('\r');
  expect(JSON.parse(json?.slice('data: '.length) ?? '')).toEqual(data);
});

test('the opening sets the last event id without an event', () => {
  expect(formatOpening(1500, 12)).toBe('retry: 1500\nid: 12\n\n');
});
