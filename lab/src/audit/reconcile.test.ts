import { describe, expect, test } from 'vitest';
import type { LedgerKey } from '../load/ledger-keys.ts';
import { countByColumn, isClean, type Column } from './findings.ts';
import type { Observation } from './observation.ts';
import { reconcile } from './reconcile.ts';

const KEY: LedgerKey = { key: 'k1', customerId: 'c1', payloadHash: 'p1', attempts: 1, outcome: 'acknowledged', orderIds: ['o1'] };
const ORDER = { id: 'o1', customerId: 'c1', status: 'ready', items: [{ menuItemId: 'm1', quantity: 2 }], payloadHash: 'p1' } as const;
const NOTIFICATION = { id: 'n1', customerId: 'c1', orderId: 'o1', type: 'order.ready' } as const;
const MAIL = { messageId: '<n1@doubleshot.invalid>', customerId: 'c1', orderId: 'o1' };
const STREAM = (['placed', 'brewing', 'ready', 'notification'] as const).map((told, index) => ({ customerId: 'c1', connection: 1, streamId: index + 1, orderId: 'o1', told }));
const STOCK = { menuItemId: 'm1', name: 'Latte', before: 10, after: 8 };
const CLEAN: Observation = { orders: [ORDER], notifications: [NOTIFICATION], stream: STREAM, mails: [MAIL], stock: [STOCK], leftovers: [] };
const NOTHING: Observation = { orders: [], notifications: [], stream: [], mails: [], stock: [{ ...STOCK, after: 10 }], leftovers: [] };

/** The columns that are not 0. */
function columns(seen: Partial<Observation>, keys: readonly LedgerKey[] = [KEY]): Partial<Record<Column, number>> {
  const counts = countByColumn(reconcile(keys, { ...CLEAN, ...seen }, 0));
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

describe('reconcile', () => {
  test('when every order has its effects once, then all columns are 0', () => {
    expect(reconcile([KEY], CLEAN, 0)).toEqual([]);
  });

  test('when an acknowledged order is not there, then it is lost', () => {
    expect(columns(NOTHING)).toEqual({ lost: 1 });
  });

  test.each([
    ['its notification', { notifications: [] }],
    ['its e-mail', { mails: [] }],
    ['its notification on the stream', { stream: STREAM.filter(({ told }) => told !== 'notification') }],
    ['its first status on the stream', { stream: STREAM.filter(({ told }) => told !== 'placed') }],
    ['a status between on the stream', { stream: STREAM.filter(({ told }) => told !== 'brewing') }],
    ['its last status on the stream', { stream: STREAM.filter(({ told }) => told !== 'ready') }],
  ])('when an order lacks %s, then it is lost', (_, seen) => {
    expect(columns(seen)).toEqual({ lost: 1 });
  });

  test.each([
    ['notification', { notifications: [NOTIFICATION, { ...NOTIFICATION, id: 'n2' }] }],
    ['e-mail under another Message-ID', { mails: [MAIL, { ...MAIL, messageId: '<n2@doubleshot.invalid>' }] }],
    ['notification on the stream', { stream: [...STREAM, { customerId: 'c1', connection: 1, streamId: 9, orderId: 'o1', told: 'notification' as const }] }],
    ['status on the stream', { stream: [...STREAM, { customerId: 'c1', connection: 1, streamId: 9, orderId: 'o1', told: 'brewing' as const }] }],
  ])('when an order has a second %s, then it is duplicated', (_, seen) => {
    expect(columns(seen)).toEqual({ duplicated: 1 });
  });

  test('when an e-mail comes again after a kill, or a stream event on a new connection, with the same id, then it is redelivered, which is no fault', () => {
    const again = STREAM.slice(-1).map((event) => ({ ...event, connection: 2 }));
    const findings = reconcile([KEY], { ...CLEAN, mails: [MAIL, MAIL], stream: [...STREAM, ...again] }, 1);
    expect(countByColumn(findings)).toMatchObject({ redelivered: 1, duplicated: 0 });
    expect(isClean(findings)).toBe(true);
  });

  test('when a stream event comes again on the same connection, then it is duplicated', () => {
    expect(columns({ stream: [...STREAM, ...STREAM.slice(-1)] })).toEqual({ duplicated: 1 });
    expect(columns({ stream: [...STREAM, ...STREAM.slice(1, 2)] })).toEqual({ duplicated: 1 });
  });

  test.each([
    [0, 2, 0],
    [0, 3, 1],
    [1, 12, 0],
    [1, 13, 1],
  ])('when after %i kills an e-mail came %i times, then %i things are duplicated', (kills, times, expected) => {
    const findings = reconcile([KEY], { ...CLEAN, mails: Array.from({ length: times }, () => MAIL) }, kills);
    expect(countByColumn(findings).duplicated).toBe(expected);
  });

  test('when one key became two orders, then it is duplicated', () => {
    const twin = { ...ORDER, id: 'o2' };
    const seen = { ...CLEAN, orders: [ORDER, twin], stock: [{ ...STOCK, after: 6 }] };
    expect(reconcile([KEY], seen, 0)).toContainEqual(expect.objectContaining({ column: 'duplicated', id: 'k1' }));
  });

  test('when a refused order is there, then it is unexpected', () => {
    expect(columns({}, [{ ...KEY, outcome: 'refused', orderIds: [] }])).toEqual({ unexpected: 1 });
  });

  test('when there is an order nobody asked for, then it is unexpected', () => {
    expect(columns({}, [])).toEqual({ unexpected: 1 });
  });

  test('when the order is not what was asked for, then it is unexpected', () => {
    expect(columns({ orders: [{ ...ORDER, payloadHash: 'other' }] })).toEqual({ unexpected: 1 });
  });

  test('when something is told about an order that is not there, then it is unexpected', () => {
    expect(columns({ ...NOTHING, mails: [MAIL] }, [])).toEqual({ unexpected: 1 });
  });

  test('when the notification says another thing than the order, then it is unexpected', () => {
    expect(columns({ notifications: [{ ...NOTIFICATION, type: 'order.cancelled' }] })).toEqual({ unexpected: 1 });
  });

  const other = { customerId: 'c2' };
  test.each([
    ['notification', { notifications: [NOTIFICATION, { ...NOTIFICATION, ...other, id: 'n2' }] }],
    ['e-mail', { mails: [MAIL, { ...MAIL, ...other }] }],
    ['notification on the stream', { stream: [...STREAM, ...STREAM.slice(-1).map((event) => ({ ...event, ...other }))] }],
    ['statuses on the stream', { stream: [...STREAM, ...STREAM.slice(0, 3).map((event) => ({ ...event, ...other }))] }],
  ])('when somebody else gets the %s of an order too, then it is unexpected', (_, seen) => {
    expect(columns(seen)).toEqual({ unexpected: 1 });
  });

  test('when every effect of an order goes to somebody else, then it is unexpected, and lost to its customer', () => {
    const misdirected = { notifications: [{ ...NOTIFICATION, ...other }], mails: [{ ...MAIL, ...other }], stream: STREAM.map((event) => ({ ...event, ...other })) };
    expect(columns(misdirected)).toEqual({ lost: 1, unexpected: 1 });
  });

  test('when the stream tells the statuses in another order by its ids, then it is unexpected', () => {
    const swapped = STREAM.map((event) => ({ ...event, streamId: event.told === 'ready' ? 2 : event.told === 'brewing' ? 3 : event.streamId }));
    expect(columns({ stream: swapped })).toEqual({ unexpected: 1 });
    expect(columns({ stream: STREAM.toReversed() })).toEqual({});
  });

  test('when the stream tells a status the order never had, then it is unexpected', () => {
    expect(columns({ stream: [...STREAM, { customerId: 'c1', connection: 1, orderId: 'o1', streamId: 9, told: 'cancelled' as const }] })).toEqual({ unexpected: 1 });
  });

  test.each([
    ['exists', CLEAN, { recovered: 1 }],
    ['does not exist', NOTHING, {}],
  ])('when the outcome is unknown and the order %s, then nothing is wrong', (_, seen, expected) => {
    expect(columns(seen, [{ ...KEY, outcome: 'unknown', orderIds: [] }])).toEqual(expected);
  });

  test('when an unknown order exists twice, then it is duplicated', () => {
    const seen = { orders: [ORDER, { ...ORDER, id: 'o2' }], stock: [{ ...STOCK, after: 6 }] };
    expect(columns(seen, [{ ...KEY, outcome: 'unknown', orderIds: [] }])).toMatchObject({ duplicated: 1 });
  });

  test('when an order stays placed or something is left in a pipe, then it is stuck', () => {
    expect(columns({ orders: [{ ...ORDER, status: 'placed' }], leftovers: [{ where: 'outbox orders', count: 3 }] })).toEqual({ stuck: 2 });
  });

  test.each([
    ['below zero', -1, { oversold: 1 }],
    ['higher than what was taken', 9, { oversold: 1 }],
    ['lower than what was taken', 7, { unexpected: 1 }],
  ])('when stock is %s, then the column says so', (_, after, expected) => {
    expect(columns({ stock: [{ ...STOCK, after }] })).toEqual(expected);
  });

  test('when an order was cancelled, then its stock must have come back', () => {
    const cancelled = { orders: [{ ...ORDER, status: 'cancelled' as const }], notifications: [{ ...NOTIFICATION, type: 'order.cancelled' as const }] };
    const stream = [...STREAM.filter(({ told }) => told !== 'ready' && told !== 'brewing'), { customerId: 'c1', connection: 1, streamId: 5, orderId: 'o1', told: 'cancelled' as const }];
    expect(columns({ ...cancelled, stream, stock: [{ ...STOCK, after: 10 }] })).toEqual({});
    expect(columns({ ...cancelled, stream })).toEqual({ unexpected: 1 });
  });
});
