import { expect, test } from 'vitest';
import { linesAbout, renderLines } from './lines-about.ts';

const line = (second: number, fields: object): string => JSON.stringify({ '@timestamp': `2026-01-01T08:00:0${second}.000Z`, 'log.level': 'info', 'service.name': 'orders', message: 'x', ...fields });

const LOGS = [
  'orders: a sentence about order-1 on standard error',
  line(3, { 'service.name': 'notifications', 'log.level': 'error', 'trace.id': 'trace-1', message: 'message parked', order: { id: 'order-1' }, messaging: { source: 'notifications.email', type: 'notify.v1', outcome: 'park', attempt: 2 }, event: { duration: 1_500_000 }, error: { message: 'refused' }, reason: 'MailRefusedError: refused' }),
  line(1, { 'trace.id': 'trace-1', message: 'request', 'order.id': 'order-1', 'http.request.method': 'POST', 'http.response.status_code': 201, 'url.path': '/api/v1/orders', 'event.duration': 12_340_000 }),
  line(2, { 'trace.id': 'trace-1', message: 'a cause' }),
  line(2, { 'trace.id': 'trace-2', message: 'request', order: { id: 'order-2' } }),
  line(2, { message: 'nothing to do with it' }),
];

test('when lines name an order, then they and all of its trace are found, oldest first', () => {
  expect(renderLines(linesAbout('order-1', LOGS)).split('\n')).toEqual([
    'trace trace-1',
    '08:00:01.000  orders         info   request POST /api/v1/orders 201  12.3 ms',
    '08:00:02.000  orders         info   a cause',
    '08:00:03.000  notifications  error  message parked notifications.email notify.v1 (try 2)  1.5 ms  MailRefusedError: refused',
  ]);
});

test('when no line names it, then there is none', () => {
  expect(linesAbout('order-3', LOGS)).toEqual([]);
});
