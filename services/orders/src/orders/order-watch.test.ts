import type { Order, OrderStatus } from '@doubleshot/contracts';
import { uuidV7 } from '@doubleshot/shared/messaging';
import { afterEach, expect, test } from 'vitest';
import { isSettled } from './order-headers.ts';
import { createOrderWatch, type OrderWatch, type OrderWatchOptions } from './order-watch.ts';

const LONG_MS = 30_000;
const CUSTOMER = uuidV7();
const CUT_SHORT = { order: undefined, honoured: false };
const watches: OrderWatch[] = [];
afterEach(() => { for (const watch of watches.splice(0)) watch.close(); });

function watchOf(options: Partial<OrderWatchOptions> = {}): OrderWatch {
  const watch = createOrderWatch({ findChanged: () => Promise.resolve([]), onError: () => undefined, ...options });
  watches.push(watch);
  return watch;
}

function orderOf(status: OrderStatus = 'placed', version = 1, id = uuidV7(), customerId = uuidV7()): Order {
  const at = new Date().toISOString();
  return { id, customerId, status, items: [], totalCents: 0, placedAt: at, updatedAt: at, version };
}

const waitFor = (after: Order, options: { until?: (order: Order) => boolean; waitMs?: number; signal?: AbortSignal } = {}) =>
  ({ after, until: () => true, waitMs: LONG_MS, signal: new AbortController().signal, ...options });

test('tells everybody who waits for an order, and nobody else', async () => {
  const watch = watchOf();
  const order = orderOf();
  const waiting = [watch.next(waitFor(order)), watch.next(waitFor(order))];
  void watch.next(waitFor(orderOf()));
  const changed = orderOf('brewing', 2, order.id);
  watch.announce(changed);
  expect((await Promise.all(waiting)).map(({ order: told }) => told)).toEqual([changed, changed]);
  expect(watch.size()).toBe(1);
});

test('ignores what is not newer, and what is not waited for', async () => {
  const watch = watchOf();
  const order = orderOf('brewing', 2);
  const waiting = watch.next(waitFor(order, { until: isSettled }));
  watch.announce(order);
  watch.announce(orderOf('placed', 1, order.id));
  expect(watch.size()).toBe(1);
  const ready = orderOf('ready', 3, order.id);
  watch.announce(ready);
  expect(await waiting).toEqual({ order: ready, honoured: true });
});

test('finds changes made elsewhere, with one query for all', async () => {
  const orders = [orderOf(), orderOf(), orderOf()];
  const asked: ReadonlyMap<string, number>[] = [];
  const findChanged = (known: ReadonlyMap<string, number>): Promise<Order[]> => {
    asked.push(known);
    return Promise.resolve(asked.length < 3 ? [] : orders.map(({ id }) => orderOf('ready', 3, id)));
  };
  const watch = watchOf({ findChanged });
  const found = await Promise.all(orders.map((order) => watch.next(waitFor(order))));
  expect(found.map(({ order }) => order?.status)).toEqual(['ready', 'ready', 'ready']);
  expect(asked).toHaveLength(3);
  expect(asked[0]).toEqual(new Map(orders.map(({ id }) => [id, 1])));
});

test('goes on looking after a failure', async () => {
  const errors: unknown[] = [];
  const order = orderOf();
  const findChanged = (): Promise<Order[]> => (errors.length === 0 ? Promise.reject(new Error('down')) : Promise.resolve([orderOf('brewing', 2, order.id)]));
  const watch = watchOf({ findChanged, onError: (error) => errors.push(error) });
  expect((await watch.next(waitFor(order))).order?.status).toBe('brewing');
  expect(errors).toHaveLength(1);
});

test('ends at the deadline, which honours the wait, when the client leaves, and when it closes', async () => {
  const watch = watchOf();
  expect(await watch.next(waitFor(orderOf(), { waitMs: 10 }))).toEqual({ order: undefined, honoured: true });
  const client = new AbortController();
  const left = watch.next(waitFor(orderOf(), { signal: client.signal }));
  client.abort();
  expect(await left).toEqual(CUT_SHORT);
  expect(watch.size()).toBe(0);
  const waiting = watch.next(waitFor(orderOf()));
  watch.close();
  expect([await waiting, await watch.next(waitFor(orderOf()))]).toEqual([CUT_SHORT, CUT_SHORT]);
});

test('lets no more wait than it can hold', async () => {
  const watch = watchOf({ mostWaiters: 1 });
  void watch.next(waitFor(orderOf()));
  expect(await watch.next(waitFor(orderOf()))).toEqual(CUT_SHORT);
});

test('lets no customer take the places of the others, and gives back those that end', async () => {
  const watch = watchOf({ mostWaitersOfCustomer: 2 });
  const orders = [1, 2, 3].map(() => orderOf('placed', 1, uuidV7(), CUSTOMER));
  const waiting = orders.slice(0, 2).map((order) => watch.next(waitFor(order)));
  expect(await watch.next(waitFor(orders[2]!))).toEqual(CUT_SHORT);
  void watch.next(waitFor(orderOf()));
  expect(watch.size()).toBe(3);
  watch.announce(orderOf('brewing', 2, orders[0]?.id, CUSTOMER));
  await waiting[0];
  void watch.next(waitFor(orders[2]!));
  expect(watch.size()).toBe(3);
});
