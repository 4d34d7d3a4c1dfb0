import { Menu, MenuChanged, TOPICS, type MenuItem } from '@doubleshot/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hold } from '../../../../tests/setup/hold.ts';
import { collectEvents } from '../testing/collect-events.ts';
import { customerOf, menuOf, type Customer } from '../testing/customer.ts';
import { startOrders, type RunningOrders } from '../testing/running-orders.ts';
import { DRINKS } from './drinks.ts';

let shop: RunningOrders;
let staff: Customer;
let guest: Customer;
beforeAll(async () => {
  shop = await startOrders({ settings: { MENU_CACHE_MS: '200' } });
  staff = customerOf(shop.origin, 'staff');
  guest = customerOf(shop.origin);
});
afterAll(async () => { await shop.close(); });

/** ETag of a drink that nobody changed or ordered yet. */
const FIRST = 'W/"1-1000000"';
const path = (number: number): string => `/menu/${DRINKS[number]?.id}`;

describe('GET /menu', () => {
  test('answers every drink with validators, to anybody', async () => {
    const response = await fetch(`${shop.origin}/api/v1/menu`);
    const { items } = Menu.parse(await response.json());
    expect(response.status).toBe(200);
    expect(items.length).toBeGreaterThanOrEqual(12);
    expect(new Set(items.map((item) => item.station))).toEqual(new Set(['espresso', 'brew-bar']));
    expect(response.headers.get('etag')).toMatch(/^W\/"[\w-]{22}"$/);
    expect(Date.parse(response.headers.get('last-modified') ?? '')).toBeLessThanOrEqual(Date.now());
    expect(response.headers.get('cache-control')).toBe('public, max-age=1');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('answers 304 to its own ETag and to its own Last-Modified, and the ETag decides when both come', async () => {
    const { headers } = await guest.send('GET', '/menu');
    const etag = headers.get('etag') ?? '';
    const since = headers.get('last-modified') ?? '';
    expect(await guest.send('GET', '/menu', { headers: { 'if-none-match': `"other", ${etag}` } })).toMatchObject({ status: 304, body: undefined });
    expect((await guest.send('GET', '/menu', { headers: { 'if-modified-since': since } })).status).toBe(304);
    expect((await guest.send('GET', '/menu', { headers: { 'if-none-match': '"other"', 'if-modified-since': since } })).status).toBe(200);
    expect((await guest.send('GET', '/menu', { headers: { 'if-modified-since': 'no date' } })).status).toBe(200);
  });

  test('keeps its ETag while orders take stock', async () => {
    const before = await guest.send('GET', '/menu');
    await guest.place([{ menuItemId: DRINKS[0]?.id ?? '', quantity: 3 }]);
    await expect.poll(async () => (await menuOf(shop.origin))[0]?.stock).toBe(999_997);
    expect((await guest.send('GET', '/menu')).headers.get('etag')).toBe(before.headers.get('etag'));
  });

  test('HEAD answers the same headers without a body', async () => {
    const response = await fetch(`${shop.origin}/api/v1/menu`, { method: 'HEAD' });
    expect([response.status, await response.text(), response.headers.has('etag')]).toEqual([200, '', true]);
  });
});

describe('GET /menu/:id', () => {
  test('answers the item; an unknown one is 404, no id is 400', async () => {
    expect(await guest.send('GET', path(1))).toMatchObject({ status: 200, body: { name: 'Doubleshot', priceCents: 320, version: 1 } });
    expect(await guest.send('GET', '/menu/019aaf00-0000-7000-8000-00000000ffff')).toMatchObject({ status: 404, body: { code: 'menu_item_not_found' } });
    expect(await guest.send('GET', '/menu/espresso')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  test('answers 304 to its ETag', async () => {
    const { headers } = await guest.send('GET', path(1));
    expect(headers.get('etag')).toBe(FIRST);
    expect((await guest.send('GET', path(1), { headers: { 'if-none-match': FIRST } })).status).toBe(304);
  });
});

describe('PATCH /menu/:id', () => {
  test('while the database holds it up, answers 503 within about a second', async () => {
    const release = await hold((held) => shop.database.transaction(async (transaction) => {
      await transaction.query('SELECT 1 FROM orders.menu_items WHERE id = $1 FOR UPDATE', [DRINKS[4]?.id]);
      await held();
    }));
    const sinceMs = performance.now();
    expect(await staff.send('PATCH', path(4), { body: { priceCents: 1 }, headers: { 'if-match': FIRST } })).toMatchObject({ status: 503 });
    expect(performance.now() - sinceMs).toBeLessThan(1_500);
    await release();
  });

  const change = (number: number, body: unknown, headers: Record<string, string> = {}) => staff.send<MenuItem & { code?: string }>('PATCH', path(number), { body, headers });

  test('changes the item, gives the new ETag, and this process serves it at once', async () => {
    const answer = await change(2, { priceCents: 999, name: 'Long black' }, { 'if-match': FIRST });
    expect(answer).toMatchObject({ status: 200, body: { priceCents: 999, name: 'Long black', version: 2 } });
    expect(answer.headers.get('etag')).toBe('W/"2-1000000"');
    expect(await guest.send('GET', path(2))).toMatchObject({ status: 200, body: answer.body });
    expect((await menuOf(shop.origin))[2]).toEqual(answer.body);
  });

  test('428 without If-Match, 412 when stale, 404, 400, 403, 401; nothing is changed', async () => {
    expect(await change(3, { stock: 1 })).toMatchObject({ status: 428, body: { code: 'precondition_required' } });
    expect(await change(3, { stock: 1 }, { 'if-match': '"7"' })).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    expect(await change(3, { stock: 1 }, { 'if-match': 'W/"1-999999"' })).toMatchObject({ status: 412 });
    expect(await change(3, {}, { 'if-match': FIRST })).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(await change(3, { priceCents: -1 }, { 'if-match': FIRST })).toMatchObject({ status: 400 });
    for (const name of ['', ' ', '\u3000']) expect(await change(3, { name }, { 'if-match': FIRST })).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(await staff.send('PATCH', '/menu/019aaf00-0000-7000-8000-00000000ffff', { body: { stock: 1 }, headers: { 'if-match': FIRST } })).toMatchObject({ status: 404 });
    expect(await guest.send('PATCH', path(3), { body: { stock: 1 }, headers: { 'if-match': FIRST } })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await fetch(`${shop.origin}/api/v1${path(3)}`, { method: 'PATCH' })).status).toBe(401);
    expect((await menuOf(shop.origin))[3]).toMatchObject({ stock: 1_000_000, version: 1 });
  });

  test('orders in between do not make it stale, even when they take the last one', async () => {
    await change(4, { stock: 2 }, { 'if-match': '*' });
    const { headers } = await guest.send('GET', path(4));
    await guest.place([{ menuItemId: DRINKS[4]?.id ?? '', quantity: 2 }]);
    await expect.poll(async () => (await guest.send('GET', path(4))).headers.get('etag')).toBe('W/"2-0"');
    expect((await guest.send('GET', path(4), { headers: { 'if-none-match': headers.get('etag') ?? '' } })).status).toBe(200);
    expect(await change(4, { priceCents: 5 }, { 'if-match': headers.get('etag') ?? '' })).toMatchObject({ status: 200, body: { priceCents: 5, stock: 0, version: 3 } });
  });

  test('a stock counted before an order does not overwrite what the order left', async () => {
    await change(7, { stock: 10 }, { 'if-match': '*' });
    const { headers } = await guest.send('GET', path(7));
    await guest.place([{ menuItemId: DRINKS[7]?.id ?? '', quantity: 3 }]);
    expect(await change(7, { stock: 20 }, { 'if-match': headers.get('etag') ?? '' })).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    await expect.poll(async () => (await guest.send('GET', path(7))).headers.get('etag')).toBe('W/"2-7"');
    expect(await change(7, { stock: 17 }, { 'if-match': 'W/"2-7"' })).toMatchObject({ status: 200, body: { stock: 17, version: 3 } });
  });

  test('of two editors at once one wins, the other is told', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((price) => change(5, { priceCents: price }, { 'if-match': FIRST })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });

  test('tells menu.v1', async () => {
    const told = await collectEvents(shop.eventLog, [TOPICS.menu.name]);
    const { body } = await change(6, { available: false }, { 'if-match': FIRST });
    await expect.poll(() => told, { timeout: 5_000 }).toContainEqual(expect.objectContaining({ type: MenuChanged.type, subject: body.id, data: { item: body, at: expect.any(String) as string } }));
  });
});
