import { BrewTask, EXCHANGES, OrderBrewing, OrderPlaced, OrderReady, TOPICS, type Order, type Station } from '@doubleshot/contracts';
import { createCache } from '@doubleshot/shared/cache';
import { createSilentLogger } from '@doubleshot/shared/logging';
import { outboxTask, uuidV7, type Outbox } from '@doubleshot/shared/messaging';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRINKS } from '../menu/drinks.ts';
import { createMenuSource } from '../menu/menu-source.ts';
import { createOrderWatch } from '../orders/order-watch.ts';
import { findChanged, findOrder } from '../orders/orders-repository.ts';
import { collectEvents } from '../testing/collect-events.ts';
import { customerOf } from '../testing/customer.ts';
import { startOrders, type RunningOrders } from '../testing/running-orders.ts';
import { brew, type BrewDeps } from './brew.ts';
import { finishStation } from './finish-station.ts';
import { startBrewing } from './start-brewing.ts';

const BOTH = [{ menuItemId: DRINKS[0]?.id ?? '', quantity: 2 }, { menuItemId: DRINKS[8]?.id ?? '', quantity: 1 }];
const NEVER = new AbortController().signal;

async function placed(shop: RunningOrders, items = BOTH): Promise<Order> {
  const { status, body } = await customerOf(shop.origin).place(items);
  expect(status).toBe(201);
  return body;
}

async function statusOf(shop: RunningOrders, id: string): Promise<[string, number] | undefined> {
  const stored = await findOrder(shop.database, id);
  return stored && [stored.order.status, stored.order.version];
}

describe('a brewer', () => {
  let shop: RunningOrders;
  let deps: BrewDeps;
  beforeAll(async () => {
    shop = await startOrders({ withoutBrewers: true });
    const { database } = shop;
    const cache = await createCache('memory:', { logger: createSilentLogger(), metrics: new Registry() });
    const silentOutbox: Outbox = { add: () => Promise.resolve(), wake: () => undefined, depth: () => Promise.resolve({ rows: 0, oldestAgeSeconds: 0 }) };
    const watch = createOrderWatch({ findChanged: (known) => findChanged(database, known), onError: () => undefined });
    deps = { database, outbox: silentOutbox, watch, menu: createMenuSource({ database, cache, cacheMs: 1_000 }), timeScale: 0 };
  });
  afterAll(async () => { await shop.close(); });

  const at = (orderId: string, station: Station, signal = NEVER, timeScale = 0): Promise<void> => brew({ ...deps, timeScale }, { orderId, station, signal });

  /** Types of the facts of one order that were written, in order. */
  async function factsOf(id: string): Promise<string[]> {
    const events = await told;
    await expect.poll(async () => (await shop.database.query(`SELECT 1 FROM orders.outbox WHERE target = 'event'`)).length, { timeout: 10_000 }).toBe(0);
    return events.filter(({ subject }) => subject === id).map(({ type, data }) => `${type} ${String(data.version)}`);
  }
  let told: ReturnType<typeof collectEvents>;
  beforeAll(() => { told = collectEvents(shop.eventLog, [TOPICS.orders.name]); });
  const ALL_FACTS = [`${OrderPlaced.type} 1`, `${OrderBrewing.type} 2`, `${OrderReady.type} 3`];

  test('moves an order to brewing with the first station and to ready with the last', async () => {
    const { id } = await placed(shop);
    await at(id, 'espresso');
    expect(await statusOf(shop, id)).toEqual(['brewing', 2]);
    await at(id, 'brew-bar');
    expect(await statusOf(shop, id)).toEqual(['ready', 3]);
    expect(await factsOf(id)).toEqual(ALL_FACTS);
  });

  test('moves an order for one station all the way', async () => {
    const { id } = await placed(shop, [{ menuItemId: DRINKS[8]?.id ?? '', quantity: 3 }]);
    await at(id, 'brew-bar');
    expect(await statusOf(shop, id)).toEqual(['ready', 3]);
    expect(await factsOf(id)).toEqual(ALL_FACTS);
  });

  test('given every task three times, in any order, has each effect once', async () => {
    const { id } = await placed(shop);
    for (const station of ['brew-bar', 'brew-bar', 'espresso', 'brew-bar', 'espresso', 'espresso'] as const) await at(id, station);
    expect(await statusOf(shop, id)).toEqual(['ready', 3]);
    expect(await factsOf(id)).toEqual(ALL_FACTS);
  });

  test('given every task four times at once, on 20 orders, has each effect once', async () => {
    const orders: Order[] = [];
    // One after another: a busy machine refuses some of many at once.
    while (orders.length < 20) orders.push(await placed(shop));
    const stations: Station[] = ['espresso', 'brew-bar'];
    const tasks = orders.flatMap(({ id }) => [1, 2, 3, 4].flatMap(() => stations.map((station) => ({ id, station }))));
    for (let rest = tasks; rest.length > 0; rest = rest.slice(8)) await Promise.all(rest.slice(0, 8).map(({ id, station }) => at(id, station)));
    for (const { id } of orders) expect([await statusOf(shop, id), await factsOf(id)]).toEqual([['ready', 3], ALL_FACTS]);
  });

  test.each([
    ['after the order was started', async (order: Order) => { await startBrewing(shop.database, order); }],
    ['while the drinks were made', async (order: Order) => { await interrupted(order.id); }],
    ['after one station finished', async (order: Order) => { await at(order.id, 'espresso'); }],
    ['after every station finished, before the task was acknowledged', async (order: Order) => { await at(order.id, 'espresso'); await at(order.id, 'brew-bar'); }],
  ])('that died %s is taken over', async (_, dieAfter) => {
    const order = await placed(shop);
    await dieAfter(order);
    await Promise.all([at(order.id, 'espresso'), at(order.id, 'brew-bar')]);
    expect(await statusOf(shop, order.id)).toEqual(['ready', 3]);
    expect(await factsOf(order.id)).toEqual(ALL_FACTS);
  });

  async function interrupted(id: string): Promise<void> {
    const stop = new AbortController();
    const brewing = at(id, 'espresso', stop.signal, 100);
    await expect.poll(() => statusOf(shop, id)).toEqual(['brewing', 2]);
    stop.abort();
    await expect(brewing).rejects.toMatchObject({ name: 'AbortError' });
  }

  test('leaves a cancelled order alone', async () => {
    const customer = customerOf(shop.origin);
    const { body } = await customer.place(BOTH);
    await customer.send('POST', `/orders/${body.id}/cancel`);
    await at(body.id, 'espresso');
    expect(await statusOf(shop, body.id)).toEqual(['cancelled', 2]);
  });

  test('parks work for an order that does not exist', async () => {
    await expect(at(uuidV7(), 'espresso')).rejects.toMatchObject({ name: 'PoisonError' });
  });

  test('starts and finishes nothing out of turn', async () => {
    const order = await placed(shop);
    expect(await finishStation(shop.database, order, 'espresso')).toBeUndefined();
    expect(await statusOf(shop, order.id)).toEqual(['placed', 1]);
    expect((await startBrewing(shop.database, order))?.status).toBe('brewing');
    expect(await startBrewing(shop.database, order)).toBeUndefined();
  });

  test('and a customer who cancels at that moment: one wins, and stock and facts agree with it', async () => {
    for (let round = 0; round < 30; round += 1) {
      const customer = customerOf(shop.origin);
      const { body } = await customer.place([{ menuItemId: DRINKS[12]?.id ?? '', quantity: 1 }]);
      const cancelling = customer.send<Order>('POST', `/orders/${body.id}/cancel`);
      if (round % 3 > 0) await new Promise((resolve) => setTimeout(resolve, round / 3));
      const [cancelled] = await Promise.all([cancelling, at(body.id, 'brew-bar')]);
      const status = (await statusOf(shop, body.id))?.[0] ?? '';
      expect([`${cancelled.status} ${status}`]).toContainEqual(expect.stringMatching(/^(200 cancelled|409 ready)$/));
    }
    const [row] = await shop.database.query<{ stock: number; kept: number }>(
      `SELECT m.stock, (SELECT count(*)::int FROM orders.orders o WHERE o.status = 'ready' AND o.items @> jsonb_build_array(jsonb_build_object('menuItemId', m.id))) AS kept
       FROM orders.menu_items m WHERE m.id = $1`,
      [DRINKS[12]?.id],
    );
    expect(row?.stock).toBe(1_000_000 - (row?.kept ?? 0));
  });
});

describe('the brewers of a process', () => {
  test('bring orders from placed to ready, and wake those who wait', async () => {
    const shop = await startOrders({ settings: { BREW_TIME_SCALE: '0.01' } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => customerOf(shop.origin).placePatiently(BOTH, { prefer: 'wait=20' })));
    expect(answers.map(({ body }) => `${body.status} ${body.version}`)).toEqual(answers.map(() => 'ready 3'));
    await shop.close();
  });

  test('take the time the drinks need', async () => {
    const shop = await startOrders({ settings: { BREW_TIME_SCALE: '0.5' } });
    const startedMs = performance.now();
    const { body } = await customerOf(shop.origin).place([{ menuItemId: DRINKS[0]?.id ?? '', quantity: 2 }], { prefer: 'wait=20' });
    expect(body.status).toBe('ready');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(500);
    await shop.close();
  });

  test('stop at once when the process ends, and those of the next one finish the work', async () => {
    const first = await startOrders({ settings: { BREW_TIME_SCALE: '100' } });
    const { id } = await placed(first);
    await expect.poll(() => statusOf(first, id)).toEqual(['brewing', 2]);
    const startedMs = performance.now();
    await first.close();
    expect(performance.now() - startedMs).toBeLessThan(8_000);
    const second = await startOrders({ databaseUrl: first.databaseUrl });
    await expect.poll(() => statusOf(second, id), { timeout: 20_000 }).toEqual(['ready', 3]);
    await second.close();
  });

  test('park what names no order, and go on', async () => {
    const shop = await startOrders();
    const orderId = uuidV7();
    const row = outboxTask(BrewTask, { source: '/test', subject: orderId, data: { orderId, station: 'espresso', drinks: 1 }, exchange: EXCHANGES.brewing.name, routingKey: 'espresso' });
    await shop.taskQueue.send(row.destination, [{ id: row.messageId, key: row.key, headers: row.headers, payload: row.payload }]);
    expect(await shop.taskQueue.parked('brewing.espresso', 10)).toMatchObject([{ reason: expect.stringContaining('there is no order') as string }]);
    const { body } = await customerOf(shop.origin).place(BOTH, { prefer: 'wait=20' });
    expect(body.status).toBe('ready');
    await shop.close();
  });
});
