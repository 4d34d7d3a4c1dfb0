import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { openEventStream, type EventStreamClient, type OpenEventStreamOptions } from '../setup/event-stream-client.ts';
import { API, newCustomer, problemOf, type Customer } from './support/customer.ts';
import { describeEachTopology } from './support/shop.ts';

const EVENTS_OF_AN_ORDER = 4;
const CONNECTIONS_OF_A_USER = 10;

describeEachTopology('stream', (shop) => {
  let ada: Customer;
  beforeAll(async () => { ada = await newCustomer(shop); });

  async function open(options: Partial<OpenEventStreamOptions> = {}): Promise<EventStreamClient> {
    const stream = await openEventStream(`${shop.baseUrl}${API}/stream`, { token: ada.token, ...options });
    onTestFinished(() => { stream.close(); });
    return stream;
  }
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

  test('has the headers of an event stream that no proxy may keep or hold back', async () => {
    const { status, headers } = await open();
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': expect.stringMatching(/^text\/event-stream/), 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  });

  test('resumes behind Last-Event-ID, without gap or repetition, however often it breaks', async () => {
    const orders = 10;
    const placing = (async () => {
      for (let placed = 0; placed < orders; placed += 1) await ada.place();
    })();
    const seen: number[] = [];
    while (seen.length < orders * EVENTS_OF_AN_ORDER) {
      const stream = await open({ lastEventId: seen.at(-1) ?? 0 });
      await expect.poll(() => stream.events.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
      stream.close();
      await expect.poll(() => stream.hasEnded(), { interval: 5 }).toBe(true);
      seen.push(...stream.ids());
    }
    await placing;
    expect(seen).toEqual(range(1, orders * EVENTS_OF_AN_ORDER));
  });

  test('begins now without Last-Event-ID', async () => {
    const stream = await open();
    const { id } = await ada.placed();
    await expect.poll(() => stream.events.length, { timeout: 20_000 }).toBe(EVENTS_OF_AN_ORDER);
    expect(new Set(stream.events.map(({ data }) => data['orderId']))).toEqual(new Set([id]));
  });

  test('is refused without a token (401), with an id that is none (400), and beyond the connections of one user (429)', async () => {
    expect(problemOf(await shop.request(`${API}/stream`))).toEqual([401, 'token_missing']);
    expect(problemOf(await ada.request(`${API}/stream`, { headers: { 'last-event-id': 'yesterday' } }))).toEqual([400, 'validation_failed']);
    const eve = await newCustomer(shop);
    const streams: EventStreamClient[] = [];
    for (let opened = 0; opened < CONNECTIONS_OF_A_USER; opened += 1) streams.push(await open({ token: eve.token }));
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    expect(problemOf(await eve.request(`${API}/stream`))).toEqual([429, 'rate_limited']);
    streams[0]?.close();
    await expect.poll(async () => {
      const again = await open({ token: eve.token });
      return again.status;
    }, { timeout: 5_000 }).toBe(200);
  });

  test('answers HEAD without opening one', async () => {
    const { status, headers, text } = await ada.request(`${API}/stream`, { method: 'HEAD' });
    expect([status, text, headers['content-type']]).toEqual([200, '', expect.stringMatching(/^text\/event-stream/)]);
  });
});
