import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startContainerShops } from '../../lab/src/containers/start-container-shops.ts';
import type { RunningShop } from '../../lab/src/topology/shop.ts';
import { startShops } from '../../lab/src/topology/start-shop.ts';
import { newCustomer } from './support/customer.ts';
import { startControl, type ShopControl } from './support/shop-control.ts';
import { createShopUnderTest } from './support/shop.ts';
import { chainTo, shapeOf, traceOfAnOrder, wayToTheEmail } from './support/order-tree.ts';
import { BACKENDS, SHOP_SETTINGS } from './support/topologies.ts';

const BREWS = ['monolith', 'microservices'];
const START_TIMEOUT_MS = 300_000;
const LINKS = { ...SHOP_SETTINGS, TRACE_MESSAGING: 'links' };

let running: { shops: readonly RunningShop[]; stop(): Promise<void> };
let control: ShopControl;

beforeAll(async () => {
  running = BACKENDS === 'containers' ? await startContainerShops(BREWS, { env: LINKS }) : await startShops(BREWS, { env: LINKS });
  control = await startControl((name) => Promise.resolve(running.shops.find((shop) => shop.name === name)!));
}, START_TIMEOUT_MS);
afterAll(async () => {
  await control.close();
  await running.stop();
}, START_TIMEOUT_MS);

describe.each(BREWS)(`the traces of one order with TRACE_MESSAGING=links [%s, ${BACKENDS}]`, (topology) => {
  const { shop, open, close } = createShopUnderTest(topology, () => control.origin);
  beforeAll(open);
  afterAll(close);

  test('are separate, each joined by one link to the span that sent its message, and otherwise the same', async () => {
    const spans = await traceOfAnOrder(shop, await newCustomer(shop));
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const consumers = spans.filter(({ kind }) => kind === 'consumer');
    for (const { name, traceId, parentSpanId, links, attributes } of consumers) {
      const sender = byId.get(links[0]?.spanId ?? '');
      expect({ name, parentSpanId, links: links.length }).toEqual({ name, parentSpanId: undefined, links: 1 });
      expect(sender).toMatchObject({ kind: 'producer', traceId: links[0]?.traceId });
      expect(sender?.attributes['messaging.message.id']).toBe(attributes['messaging.message.id']);
      expect(sender?.traceId).not.toBe(traceId);
    }
    // That of the request, and one for each message that was handled.
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1 + consumers.length);
    expect(spans.filter(({ kind, links }) => kind !== 'consumer' && links.length > 0)).toEqual([]);
    const way = chainTo(spans.find(({ name }) => name === 'send email')!, spans);
    expect(way.map(({ name, service, kind, attributes }) => ({ name, service, kind, attributes }))).toEqual(wayToTheEmail(shop).map((each) => shapeOf(shop, each)));
  });

  test('are none for an order that its first process does not record; its e-mail names a trace all the same', async () => {
    const ada = await newCustomer(shop);
    const { id } = await ada.placed({ headers: { traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00` } });
    await expect.poll(async () => (await shop.mailsTo(ada.email)).length, { timeout: 20_000 }).toBe(1);
    expect(await shop.mailsTo(ada.email)).toMatchObject([{ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string }]);
    // Whose spans come later than any of the first order.
    await traceOfAnOrder(shop, ada);
    expect(await shop.spans({ order: id })).toEqual([]);
  });
});
