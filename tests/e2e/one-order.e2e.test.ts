import { NotificationPage } from '@doubleshot/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { openEventStream } from '../setup/event-stream-client.ts';
import { API, drinkId, ESPRESSO, newCustomer, problemOf } from './support/customer.ts';
import { describeEachTopology } from './support/shop.ts';

describeEachTopology('one order', (shop) => {
  test('goes placed → brewing → ready; its customer is told in the app, on the stream, and by exactly one e-mail', async () => {
    const ada = await newCustomer(shop);
    const stream = await openEventStream(`${shop.baseUrl}${API}/stream`, { token: ada.token });
    onTestFinished(() => { stream.close(); });
    const { id } = await ada.placed({ items: [{ menuItemId: ESPRESSO, quantity: 2 }, { menuItemId: drinkId(9), quantity: 1 }] });
    await expect.poll(
      () => stream.events.map(({ event, data }) => data['status'] ?? event),
      { timeout: 20_000 },
    ).toEqual(['placed', 'brewing', 'ready', 'notification']);
    expect(stream.ids()).toEqual([1, 2, 3, 4]);
    expect(await ada.order(id)).toMatchObject({ status: 'ready', version: 3 });

    const { items } = NotificationPage.parse((await ada.request(`${API}/notifications`)).body);
    expect(items).toMatchObject([{ orderId: id, type: 'order.ready' }]);
    expect(stream.events.at(-1)?.data).toEqual({ ...items[0], traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string });

    await expect.poll(async () => (await shop.mailsTo(ada.email)).length, { timeout: 20_000 }).toBe(1);
    // Another order's e-mail comes after every e-mail of this one that might still be under way.
    const later = await ada.placed();
    await expect.poll(async () => (await shop.mailsTo(ada.email)).length, { timeout: 20_000 }).toBe(2);
    const [first, second] = await shop.mailsTo(ada.email);
    expect(first).toMatchObject({ messageId: `<${items[0]?.id}@doubleshot.invalid>`, to: [ada.email], subject: items[0]?.title });
    expect(first?.text).toContain(items[0]?.text);
    expect(second?.text).toContain(later.id.slice(-6));
  });

  test('its notifications are read newest first, page by page, with a cursor that was given out and a token', async () => {
    const ada = await newCustomer(shop);
    const orders: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      orders.unshift((await ada.placed({ headers: { prefer: 'wait=20' } })).id);
      await expect.poll(async () => NotificationPage.parse((await ada.request(`${API}/notifications`)).body).items.length, { timeout: 20_000 }).toBe(orders.length);
    }
    const first = NotificationPage.parse((await ada.request(`${API}/notifications?limit=2`)).body);
    const second = NotificationPage.parse((await ada.request(`${API}/notifications?limit=2&cursor=${first.nextCursor ?? ''}`)).body);
    expect([first, second].map(({ items }) => items.map(({ orderId }) => orderId))).toEqual([orders.slice(0, 2), orders.slice(2)]);
    expect(second.nextCursor).toBeUndefined();
    expect(problemOf(await ada.request(`${API}/notifications?cursor=nonsense`))).toEqual([400, 'cursor_invalid']);
    expect(problemOf(await ada.request(`${API}/notifications?limit=0`))).toEqual([400, 'validation_failed']);
    expect(problemOf(await shop.request(`${API}/notifications`))).toEqual([401, 'token_missing']);
  });

  test('is told to nobody else', async () => {
    const [ada, eve] = [await newCustomer(shop), await newCustomer(shop)];
    const stream = await openEventStream(`${shop.baseUrl}${API}/stream`, { token: eve.token, lastEventId: 0 });
    onTestFinished(() => { stream.close(); });
    await ada.place({ headers: { prefer: 'wait=20' } });
    await expect.poll(async () => (await ada.request(`${API}/notifications`)).body, { timeout: 20_000 }).toMatchObject({ items: [{}] });
    expect((await eve.request(`${API}/notifications`)).body).toEqual({ items: [] });
    expect(stream.events).toEqual([]);
    expect(await shop.mailsTo(eve.email)).toEqual([]);
  });
});
