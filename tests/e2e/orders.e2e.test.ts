import { randomUUID } from 'node:crypto';
import { MenuItem, Order, OrderPage } from '@doubleshot/contracts';
import { beforeAll, expect, test } from 'vitest';
import { API, drinkId, ESPRESSO, FRENCH_PRESS, newCustomer, problemOf, type Customer } from './support/customer.ts';
import { describeEachTopology } from './support/shop.ts';
import { BREW_CONCURRENCY } from './support/topologies.ts';

const MOCHA = drinkId(8);
const UNKNOWN = '019aaf00-0000-7000-8000-ffffffffffff';

describeEachTopology('orders', (shop) => {
  let ada: Customer;
  beforeAll(async () => { ada = await newCustomer(shop); });

  const changeItem = async (id: string, change: object): Promise<void> => {
    const answer = await shop.request(`${API}/menu/${id}`, { method: 'PATCH', token: await shop.staffToken(), headers: { 'if-match': '*' }, body: change });
    expect(answer.status).toBe(200);
  };
  const stockOf = async (id: string): Promise<number> => MenuItem.parse((await shop.request(`${API}/menu/${id}`)).body).stock;
  const cancel = (customer: Customer, id: string, body?: object): ReturnType<typeof shop.request> =>
    customer.request(`${API}/orders/${id}/cancel`, { method: 'POST', ...(body !== undefined && { body }) });

  test('placing one answers 201 with its path, its version and what it costs', async () => {
    const items = [{ menuItemId: ESPRESSO, quantity: 2 }, { menuItemId: drinkId(9), quantity: 1 }];
    const answer = await ada.place({ items });
    const order = Order.parse(answer.body);
    expect(answer.status).toBe(201);
    expect(order).toMatchObject({
      customerId: ada.id,
      status: 'placed',
      version: 1,
      totalCents: 2 * 250 + 290,
      items: [{ menuItemId: ESPRESSO, name: 'Espresso', quantity: 2, unitPriceCents: 250 }, {}],
    });
    expect([answer.headers['location'], answer.headers['etag']]).toEqual([`${API}/orders/${order.id}`, expect.stringMatching(/^(W\/)?"/)]);
    expect((await ada.request(String(answer.headers['location']))).body).toMatchObject({ id: order.id });
  });

  test('a key is needed; with the same body it gives the same answer again, with another 422', async () => {
    expect(problemOf(await ada.request(
      `${API}/orders`,
      { method: 'POST', body: { items: [{ menuItemId: ESPRESSO, quantity: 1 }] } },
    ))).toEqual([400, 'idempotency_key_missing']);
    const headers = { 'idempotency-key': randomUUID() };
    const first = await ada.place({ headers });
    const again = await ada.place({ headers });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(problemOf(await ada.place({ headers, items: [{ menuItemId: ESPRESSO, quantity: 2 }] }))).toEqual([422, 'idempotency_key_reused']);
    const other = await newCustomer(shop);
    expect((await other.placed({ headers })).id).not.toBe((first.body as Order).id);
  });

  test('one key 50 times at once makes one order; who comes too early is told 409, or 503 where too many wait', async () => {
    const before = await stockOf(MOCHA);
    const attempt = { headers: { 'idempotency-key': randomUUID() }, items: [{ menuItemId: MOCHA, quantity: 1 }] };
    const answers = await Promise.all(Array.from({ length: 50 }, () => ada.place(attempt)));
    const accepted = answers.filter(({ status }) => status === 201);
    expect(new Set(accepted.map(({ body }) => (body as Order).id)).size).toBe(1);
    expect(accepted.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    const refusals = answers.filter(({ status }) => status !== 201).map((answer) => problemOf(answer).join(' '));
    expect(refusals.filter((refusal) => !['409 idempotency_in_progress', '503 overloaded'].includes(refusal))).toEqual([]);
    expect((await ada.place(attempt)).headers['idempotency-replayed']).toBe('true');
    await expect.poll(() => stockOf(MOCHA), { timeout: 5_000 }).toBe(before - 1);
  });

  test('a key whose request still runs is 409', async () => {
    // A key is in use for the milliseconds of one statement: bursts go on until two requests meet.
    await expect.poll(async () => {
      const attempt = { headers: { 'idempotency-key': randomUUID() }, items: [{ menuItemId: MOCHA, quantity: 1 }] };
      const answers = await Promise.all(Array.from({ length: 30 }, () => ada.place(attempt)));
      return answers.filter(({ status }) => status === 409).map(problemOf);
    }, { timeout: 60_000 }).toContainEqual([409, 'idempotency_in_progress']);
  });

  test('what is sold out is 409, what is not on sale 409, what is unknown 404; nothing is taken', async () => {
    const [scarce, hidden] = [drinkId(10), drinkId(11)];
    await changeItem(scarce, { stock: 1 });
    await changeItem(hidden, { available: false });
    const line = (menuItemId: string, quantity = 1): { menuItemId: string; quantity: number } => ({ menuItemId, quantity });
    expect(problemOf(await ada.place({ items: [line(scarce, 2)] }))).toEqual([409, 'out_of_stock']);
    expect(problemOf(await ada.place({ items: [line(scarce), line(hidden)] }))).toEqual([409, 'menu_item_unavailable']);
    expect(problemOf(await ada.place({ items: [line(scarce), line(UNKNOWN)] }))).toEqual([404, 'menu_item_not_found']);
    const last = await Promise.all(Array.from({ length: 10 }, () => ada.place({ items: [line(scarce)] })));
    expect(last.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
    await changeItem(scarce, { stock: 1_000_000 });
    await changeItem(hidden, { available: true });
  });

  test('a body that is no order is 400', async () => {
    for (const items of [
      [],
      [{ menuItemId: ESPRESSO, quantity: 0 }],
      [{ menuItemId: 'espresso', quantity: 1 }],
      Array(2).fill({ menuItemId: ESPRESSO, quantity: 1 }) as [],
    ]) {
      expect(problemOf(await ada.place({ items }))).toEqual([400, 'validation_failed']);
    }
  });

  test('nobody sees or cancels the order of another, and without a token nobody does anything', async () => {
    const { id } = await ada.placed();
    const other = await newCustomer(shop);
    expect(problemOf(await other.request(`${API}/orders/${id}`))).toEqual([404, 'order_not_found']);
    expect(problemOf(await cancel(other, id))).toEqual([404, 'order_not_found']);
    for (const [method, path] of [['POST', ''], ['GET', ''], ['GET', `/${id}`], ['POST', `/${id}/cancel`]] as const) {
      expect([method, path, ...problemOf(await shop.request(`${API}/orders${path}`, { method }))]).toEqual([method, path, 401, 'token_missing']);
    }
    expect((await other.request(`${API}/orders`)).body).toEqual({ items: [] });
  });

  test('the list is newest first, page by page, and refuses a cursor it did not give out', async () => {
    const customer = await newCustomer(shop);
    const placed: string[] = [];
    for (let count = 0; count < 5; count += 1) placed.unshift((await customer.placed()).id);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = OrderPage.parse((await customer.request(`${API}/orders?limit=2${cursor}`)).body);
      seen.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === undefined) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(placed);
    expect(problemOf(await customer.request(`${API}/orders?cursor=nonsense`))).toEqual([400, 'cursor_invalid']);
    expect(problemOf(await customer.request(`${API}/orders?limit=1000`))).toEqual([400, 'validation_failed']);
  });

  test('one that waits for its station can be cancelled, again too, and its stock comes back; one that brews cannot', async () => {
    const before = await stockOf(FRENCH_PRESS);
    const blockers = await Promise.all(Array.from({ length: BREW_CONCURRENCY }, () => ada.placed({ items: [{ menuItemId: FRENCH_PRESS, quantity: 10 }] })));
    await expect.poll(
      async () => (await Promise.all(blockers.map(({ id }) => ada.order(id)))).map(({ status }) => status),
      { timeout: 10_000, interval: 20 },
    ).toEqual(blockers.map(() => 'brewing'));
    const waiting = await ada.placed({ items: [{ menuItemId: FRENCH_PRESS, quantity: 3 }] });
    const cancelled = await cancel(ada, waiting.id, { reason: 'changed my mind' });
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({ id: waiting.id, status: 'cancelled', cancelReason: 'changed my mind', version: 2 });
    expect((await cancel(ada, waiting.id)).body).toEqual(cancelled.body);
    expect(problemOf(await cancel(ada, blockers[0]?.id ?? ''))).toEqual([409, 'order_not_cancellable']);
    expect(problemOf(await cancel(ada, UNKNOWN))).toEqual([404, 'order_not_found']);
    await expect.poll(() => stockOf(FRENCH_PRESS), { timeout: 5_000 }).toBe(before - 10 * BREW_CONCURRENCY);
    await expect.poll(async () => (await shop.mailsTo(ada.email)).filter(({ subject }) => subject.includes('cancelled')), { timeout: 20_000 }).toHaveLength(1);
  });
});
