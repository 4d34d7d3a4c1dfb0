import { Order } from '@doubleshot/contracts';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { openEventStream } from '../setup/event-stream-client.ts';
import { API, ESPRESSO, newCustomer, type Customer } from './support/customer.ts';
import { describeEachTopology } from './support/shop.ts';

const SOME_TIME = [{ menuItemId: ESPRESSO, quantity: 8 }];

describeEachTopology('four ways to wait for a coffee', (shop) => {
  let ada: Customer;
  beforeAll(async () => { ada = await newCustomer(shop); });

  test('block: POST with Prefer: wait answers when the order is ready', async () => {
    const answer = await ada.place({ headers: { prefer: 'wait=20' } });
    expect([answer.status, (answer.body as Order).status]).toEqual([201, 'ready']);
    expect(answer.headers['preference-applied']).toMatch(/^wait=20/);
    expect((await ada.order((answer.body as Order).id)).version).toBe((answer.body as Order).version);
  });

  test('block no longer than asked: the order is answered as it is', async () => {
    const answer = await ada.place({ items: [{ menuItemId: ESPRESSO, quantity: 40 }], headers: { prefer: 'wait=0' } });
    expect([answer.status, (answer.body as Order).status]).toEqual([201, expect.stringMatching(/^(placed|brewing)$/)]);
  });

  test('poll: GET with If-None-Match answers 304 until something changes', async () => {
    const placed = await ada.place({ items: SOME_TIME });
    const { id } = Order.parse(placed.body);
    let etag = String(placed.headers['etag']);
    const versions: number[] = [];
    await expect
      .poll(async () => {
        const answer = await ada.request(`${API}/orders/${id}`, { headers: { 'if-none-match': etag } });
        if (answer.status === 304) return 'nothing new';
        etag = String(answer.headers['etag']);
        versions.push((answer.body as Order).version);
        return (answer.body as Order).status;
      }, { timeout: 20_000, interval: 20 })
      .toBe('ready');
    expect((await ada.request(`${API}/orders/${id}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });

  test('long-poll: GET with Prefer: wait and If-None-Match answers each next change', async () => {
    const placed = await ada.place({ items: SOME_TIME });
    const { id } = Order.parse(placed.body);
    let etag = String(placed.headers['etag']);
    let requests = 0;
    let waits = 0;
    for (let status = 'placed'; status !== 'ready'; requests += 1) {
      const answer = await ada.request(`${API}/orders/${id}`, { headers: { 'if-none-match': etag, prefer: 'wait=20' } });
      expect(answer.status).toBe(200);
      // An order that changed before the request came is answered at once.
      if (answer.headers['preference-applied'] === 'wait=20') waits += 1;
      etag = String(answer.headers['etag']);
      status = (answer.body as Order).status;
    }
    expect(requests).toBeLessThanOrEqual(2);
    expect(waits).toBeGreaterThanOrEqual(1);
    const unchanged = await ada.request(`${API}/orders/${id}`, { headers: { 'if-none-match': etag, prefer: 'wait=1' } });
    expect([unchanged.status, unchanged.headers['etag']]).toEqual([304, etag]);
  });

  test('one customer who waits often is answered at once beyond 20 waits, and others wait as before', async () => {
    const bob = await newCustomer(shop);
    const longPoll = async (customer: Customer, wait: string): Promise<unknown[]> => {
      const { id, version } = mine.get(customer)!;
      const { status, headers } = await customer.request(`${API}/orders/${id}`, { headers: { 'if-none-match': `"${version}"`, prefer: wait } });
      return [status, headers['preference-applied']];
    };
    const ready = async (customer: Customer): Promise<[Customer, Order]> => [customer, Order.parse((await customer.place({ headers: { prefer: 'wait=20' } })).body)];
    const mine = new Map(await Promise.all([ada, bob].map(ready)));
    const greedy = Promise.all(Array.from({ length: 30 }, () => longPoll(ada, 'wait=5')));
    expect(await longPoll(bob, 'wait=1')).toEqual([304, 'wait=1']);
    const waited = (await greedy).map(([status, applied]) => `${String(status)} ${String(applied)}`);
    expect([waited.filter((each) => each === '304 wait=5').length, waited.filter((each) => each === '304 undefined').length]).toEqual([20, 10]);
  });

  test('be called: the stream tells each status, then the notification', async () => {
    const stream = await openEventStream(`${shop.baseUrl}${API}/stream`, { token: ada.token });
    onTestFinished(() => { stream.close(); });
    const { id } = await ada.placed();
    const mine = (): unknown[] => stream.events.filter(({ data }) => data['orderId'] === id).map(({ event, data }) => data['status'] ?? event);
    await expect.poll(mine, { timeout: 20_000 }).toEqual(['placed', 'brewing', 'ready', 'notification']);
  });
});
