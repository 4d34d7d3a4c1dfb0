import { expect, test } from 'vitest';
import { API, newCustomer } from './support/customer.ts';
import { describeEachTopology, type ShopUnderTest, type Span } from './support/shop.ts';

/** What happens to every order, wherever it happens: which module does it, and in which span it stands. */
const HOPS = [
  { name: /^place order$/, module: 'orders' },
  { name: /^send orders\.v1$/, module: 'orders' },
  { name: /^send brewing/, module: 'orders' },
  { name: /^process brewing/, module: 'orders' },
  { name: /^brew$/, module: 'orders' },
  { name: /^process orders\.v1$/, module: 'notifications' },
  { name: /^notify$/, module: 'notifications' },
  { name: /^send notifications/, module: 'notifications' },
  { name: /^process notifications\.inapp/, module: 'notifications' },
  { name: /^process notifications\.email/, module: 'notifications' },
  { name: /^send email$/, module: 'notifications' },
  { name: /^push live$/, module: 'notifications' },
] as const;

/** Which span leads to which: the first name must be found among the ancestors of the second. */
const LEADS_TO: [RegExp, RegExp][] = [
  [/^place order$/, /^send orders\.v1$/],
  [/^place order$/, /^send brewing/],
  [/^send brewing/, /^process brewing/],
  [/^process brewing/, /^brew$/],
  [/^send orders\.v1$/, /^process orders\.v1$/],
  [/^process orders\.v1$/, /^notify$/],
  [/^brew$/, /^notify$/],
  [/^notify$/, /^send notifications/],
  [/^send notifications/, /^process notifications\.inapp/],
  [/^process notifications\.email/, /^send email$/],
  [/^process notifications\.inapp/, /^push live$/],
];

async function traceOfAnOrder(shop: ShopUnderTest): Promise<Span[]> {
  const ada = await newCustomer(shop);
  const { id } = await ada.placed();
  const isWhole = (spans: Span[]): boolean => HOPS.every(({ name }) => spans.some((span) => name.test(span.name)));
  let spans: Span[] = [];
  await expect.poll(
    async () => isWhole((spans = await shop.spans({ order: id }))) || spans.map(({ name }) => name),
    { timeout: 20_000, interval: 200 },
  ).toBe(true);
  return spans;
}

function ancestorsOf(span: Span, byId: ReadonlyMap<string, Span>): Span[] {
  const parent = byId.get(span.parentSpanId ?? '');
  return parent === undefined ? [] : [parent, ...ancestorsOf(parent, byId)];
}

describeEachTopology('the trace of one order', (shop) => {
  test('is one, from the request through the outbox and both kinds of message to the e-mail, each hop in its process under its cause', async () => {
    const spans = await traceOfAnOrder(shop);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spans.filter(({ failed }) => failed)).toEqual([]);
    const serviceOf = (module: string): string | undefined => shop.processes.find(({ modules }) => modules.some((name) => name === module))?.name;
    for (const { name, module } of HOPS) {
      const services = new Set(spans.filter((span) => name.test(span.name)).map(({ service }) => service));
      expect([String(name), [...services]]).toEqual([String(name), [serviceOf(module)]]);
    }
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    for (const [cause, effect] of LEADS_TO) {
      const led = spans.some((span) => effect.test(span.name) && ancestorsOf(span, byId).some((ancestor) => cause.test(ancestor.name)));
      expect([String(cause), String(effect), led]).toEqual([String(cause), String(effect), true]);
    }
  });

  test('begins with the request at the gateway, and has no span without its parent', async () => {
    const spans = await traceOfAnOrder(shop);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots).toMatchObject([
      { kind: 'server', service: shop.processes.find(({ modules }) => modules.includes('gateway'))?.name, name: `POST ${API}/orders` },
    ]);
    await expect.poll(async () => {
      const all = await shop.spans({ trace: spans[0]?.traceId ?? '' });
      for (const { spanId } of all) ids.add(spanId);
      return all.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId)).map(({ name }) => name);
    }, { timeout: 10_000 }).toEqual([]);
  });

  test('is named in problem documents', async () => {
    const answer = await shop.request(`${API}/auth/me`);
    const { traceId } = answer.body as { traceId: string };
    await expect.poll(async () => (await shop.spans({ trace: traceId })).length, { timeout: 10_000 }).toBeGreaterThan(0);
  });
});
