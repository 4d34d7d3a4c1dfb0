import { BrewTask, Order, OrderPlaced } from '@doubleshot/contracts';
import { uuidV7 } from '@doubleshot/shared/messaging';
import { expect, test } from 'vitest';
import { brewTimeMs } from '../brewing/brew-time.ts';
import { DRINKS } from '../menu/drinks.ts';
import { snapshotOf } from '../menu/menu-snapshot.ts';
import { draftOrder } from './draft-order.ts';
import { lockNumber, requestHash } from './order-request.ts';

const menu = snapshotOf(
  DRINKS.map(({ id, name, station, priceCents, brewMs }) => ({ item: { id, name, station, priceCents, available: true, stock: 10, version: 1 }, brewMs, changedAtMs: 0 })),
);
const line = (number: number, quantity: number) => ({ menuItemId: DRINKS[number]?.id ?? '', quantity });
const request = (...lines: { menuItemId: string; quantity: number }[]) => ({ customerId: uuidV7(), idempotencyKey: 'key', lines });

test('drafts the order with one fact and one task for each station', () => {
  const wish = request(line(0, 2), line(9, 1), line(4, 3));
  const { order, stations, messages } = draftOrder(menu, wish);
  expect(Order.parse(order)).toMatchObject({ customerId: wish.customerId, status: 'placed', version: 1, totalCents: 2 * 250 + 480 + 3 * 390 });
  expect(stations).toEqual(['espresso', 'brew-bar']);
  expect(messages.map(({ target, destination, key }) => [target, destination, key])).toEqual([
    ['event', 'orders.v1', order.id],
    ['task', 'brewing', 'espresso'],
    ['task', 'brewing', 'brew-bar'],
  ]);
  expect(OrderPlaced.schema.parse(JSON.parse(messages[0]?.payload ?? '')).data.items[1]).toMatchObject({ name: 'Pour-over', station: 'brew-bar' });
  expect(messages.slice(1).map(({ payload }) => BrewTask.schema.parse(JSON.parse(payload)).data.drinks)).toEqual([5, 1]);
});

test('orders drafted one after the other have growing ids, also within a millisecond', () => {
  const ids = Array.from({ length: 500 }, () => draftOrder(menu, request(line(0, 1))).order.id);
  expect(ids).toEqual(ids.toSorted());
});

test('drafts nothing to send for an item the menu lacks', () => {
  const { order, stations, messages } = draftOrder(menu, request(line(0, 1), { menuItemId: uuidV7(), quantity: 1 }));
  expect([order.items.length, stations, messages]).toEqual([2, [], []]);
});

test('refuses what cannot be paid', () => {
  const dear = snapshotOf([...menu.entries.values()].map((entry) => ({ ...entry, item: { ...entry.item, priceCents: 100_000_000 } })));
  expect(draftOrder(dear, request(line(0, 1))).order.totalCents).toBe(100_000_000);
  expect(() => draftOrder(dear, request(line(0, 1), line(1, 1)))).toThrow(expect.objectContaining({ code: 'validation_failed' }));
});

test('a station takes the time of its own drinks', () => {
  const { order } = draftOrder(menu, request(line(0, 2), line(9, 1)));
  expect([brewTimeMs(menu, order, 'espresso'), brewTimeMs(menu, order, 'brew-bar')]).toEqual([1_000, 1_500]);
});

test('a wish is known by its lines, a key by its customer', () => {
  const [one, other] = [request(line(0, 1)), request(line(0, 1))];
  expect(requestHash(one)).toEqual(requestHash(other));
  expect(requestHash(request(line(0, 2)))).not.toEqual(requestHash(one));
  expect(lockNumber(one)).not.toBe(lockNumber(other));
  expect(lockNumber(one)).toBe(lockNumber({ ...one }));
});
