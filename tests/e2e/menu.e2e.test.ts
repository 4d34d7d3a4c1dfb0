import { Menu, MenuItem } from '@doubleshot/contracts';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { API, drinkId, ESPRESSO, newCustomer, problemOf } from './support/customer.ts';
import { describeEachTopology } from './support/shop.ts';
import { BACKENDS } from './support/topologies.ts';

const TEA = drinkId(14);
const FAVORITE = drinkId(13);
/** In one order. */
const MOST_OF_A_DRINK = 100;
const UNKNOWN = '019aaf00-0000-7000-8000-ffffffffffff';

describeEachTopology('menu', (shop) => {
  const patch = async (headers: Record<string, string>, body: unknown = { priceCents: 360 }, id = TEA): ReturnType<typeof shop.request> =>
    shop.request(`${API}/menu/${id}`, { method: 'PATCH', token: await shop.staffToken(), headers, body });

  test('has at least 12 drinks over 2 stations', async () => {
    const { items } = Menu.parse((await shop.request(`${API}/menu`)).body);
    expect(items.length).toBeGreaterThanOrEqual(12);
    expect(new Set(items.map(({ station }) => station)).size).toBe(2);
  });

  test.each([`${API}/menu`, `${API}/menu/${ESPRESSO}`])('%s answers 304 to its own validators', async (path) => {
    // Again from the start when the menu changed in between, by an order of another test.
    await expect.poll(async () => {
      const { status, headers } = await shop.request(path);
      expect([status, headers['cache-control']]).toEqual([200, expect.stringMatching(/^public, max-age=\d+/)]);
      const [etag, lastModified] = [String(headers['etag']), String(headers['last-modified'])];
      const statuses: number[] = [];
      const requests: Record<string, string>[] = [
        { 'if-none-match': etag },
        { 'if-none-match': `"other", W/${etag.replace('W/', '')}` },
        { 'if-none-match': '"other"' },
        { 'if-modified-since': lastModified },
        { 'if-none-match': '"other"', 'if-modified-since': lastModified },
      ];
      for (const validators of requests) statuses.push((await shop.request(path, { headers: validators })).status);
      return statuses;
    }, { timeout: 5_000 }).toEqual([304, 304, 200, 304, 200]);
  });

  /** What comes back on one connection to a read with this header and another read behind it. */
  async function readTwice(header: string): Promise<string> {
    const { hostname, port } = new URL(shop.baseUrl);
    const socket = connect(Number(port), hostname);
    const request = (line: string): string => `GET ${API}/menu/${ESPRESSO} HTTP/1.1\r\nHost: ${hostname}\r\n${line}\r\n\r\n`;
    socket.write(request(header) + request('Connection: close'));
    return text(socket);
  }
  const statusesOf = (answers: string): string[] => [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status = '']) => status);

  test.each(['If-Match: "other"', 'If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT'])('%s, a condition of changes, means nothing to a read', async (condition) => {
    expect(statusesOf(await readTwice(condition))).toEqual(['200', '200']);
  });

  test.each(['If-Match:', 'If-Unmodified-Since:'])('a read with %s and no value is answered, and so is the next request on its connection, unless it was said that it closes', async (condition) => {
    const answers = await readTwice(condition);
    const [head = ''] = answers.split('\r\n\r\n');
    // Nginx cannot tell an empty condition from none before it has looked at it.
    if (BACKENDS === 'embedded') expect(statusesOf(answers)).toEqual(['200', '200']);
    else expect([statusesOf(answers), /^connection: close/im.test(head), JSON.parse(answers.slice(head.length))]).toEqual([['412'], true, expect.objectContaining({ code: 'precondition_failed' })]);
  });

  test.each([1_000, 3_000, 3_300, 3_800])('a query that means nothing here changes nothing, nor do %d characters of it', async (length) => {
    const { status, body } = await shop.request(`${API}/menu/${ESPRESSO}?x=${'x'.repeat(length)}`);
    expect([status, MenuItem.parse(body).id]).toEqual([200, ESPRESSO]);
  });

  test('an item that is not there is 404, an id that is none 400', async () => {
    expect(problemOf(await shop.request(`${API}/menu/${UNKNOWN}`))).toEqual([404, 'menu_item_not_found']);
    expect(problemOf(await shop.request(`${API}/menu/espresso`))).toEqual([400, 'validation_failed']);
  });

  test('staff changes what they have read: 428 without If-Match, 412 when it is stale', async () => {
    const before = await shop.request(`${API}/menu/${TEA}`);
    const item = MenuItem.parse(before.body);
    expect(problemOf(await patch({}))).toEqual([428, 'precondition_required']);
    const changed = await patch({ 'if-match': String(before.headers['etag']) }, { priceCents: item.priceCents + 10 });
    expect([changed.status, changed.body]).toEqual([200, { ...item, priceCents: item.priceCents + 10, version: item.version + 1 }]);
    expect(problemOf(await patch({ 'if-match': String(before.headers['etag']) }))).toEqual([412, 'precondition_failed']);
    expect((await patch({ 'if-match': String(changed.headers['etag']) }, { priceCents: item.priceCents })).status).toBe(200);
    await expect.poll(
      async () => MenuItem.parse((await shop.request(`${API}/menu/${TEA}`)).body),
      { timeout: 5_000 },
    ).toMatchObject({ priceCents: item.priceCents });
  });

  test('a change is refused to customers with 403, to nobody in particular with 401, of nothing with 400, of an unknown item with 404', async () => {
    const customer = await newCustomer(shop);
    const body = { priceCents: 1 };
    expect(problemOf(await customer.request(`${API}/menu/${TEA}`, { method: 'PATCH', body, headers: { 'if-match': '*' } }))).toEqual([403, 'forbidden']);
    expect(problemOf(await shop.request(`${API}/menu/${TEA}`, { method: 'PATCH', body, headers: { 'if-match': '*' } }))).toEqual([401, 'token_missing']);
    expect(problemOf(await patch({ 'if-match': '*' }, {}))).toEqual([400, 'validation_failed']);
    expect(problemOf(await patch({ 'if-match': '*' }, body, UNKNOWN))).toEqual([404, 'menu_item_not_found']);
  });

  test('what is ordered most comes first among the popular', async () => {
    const customer = await newCustomer(shop);
    const top = async (): Promise<{ id?: string; ordered: number }> => {
      const { items: [first] } = (await shop.request(`${API}/menu/popular?limit=1`)).body as { items: { item: MenuItem; ordered: number }[] };
      return { id: first?.item.id, ordered: first?.ordered ?? 0 };
    };
    // More than what is first so far: other tests order, too, and wild requests now and then by the hundred.
    const orders = Math.floor((await top()).ordered / MOST_OF_A_DRINK) + 1;
    for (let placed = 0; placed < orders; placed += 1) await customer.placed({ items: [{ menuItemId: FAVORITE, quantity: MOST_OF_A_DRINK }] });
    await expect.poll(async () => (await top()).id, { timeout: 10_000 }).toBe(FAVORITE);
    expect((await top()).ordered).toBeGreaterThanOrEqual(orders * MOST_OF_A_DRINK);
    expect(problemOf(await shop.request(`${API}/menu/popular?limit=0`))).toEqual([400, 'validation_failed']);
  });
});
