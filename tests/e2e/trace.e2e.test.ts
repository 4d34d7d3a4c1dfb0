import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { billOrder } from '../../lab/src/trace/network-tax.ts';
import { openEventStream } from '../setup/event-stream-client.ts';
import { API, newCustomer } from './support/customer.ts';
import { chainTo, serviceOf, shapeOf, STATEMENTS, traceOfAnOrder, wayToTheEmail } from './support/order-tree.ts';
import { describeEachTopology, type Span } from './support/shop.ts';
import { BACKENDS } from './support/topologies.ts';

describeEachTopology('the trace of one order', (shop) => {
  const named = (spans: readonly Span[], name: string): Span[] => spans.filter((span) => span.name === name);

  test('is one, from the request through the outbox and both kinds of message to the e-mail: right parents, kinds and attributes', async () => {
    const spans = await traceOfAnOrder(shop, await newCustomer(shop));
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    // Redis is given 150 ms, and done without if it takes longer.
    expect(spans.filter(({ failed, attributes }) => failed && attributes['db.system.name'] !== 'redis')).toEqual([]);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined).map(({ name, service }) => [name, service])).toEqual([[`POST ${API}/orders`, serviceOf(shop, 'gateway')]]);
    const [email] = named(spans, 'send email');
    const way = chainTo(email!, spans);
    expect(way.map(({ name, service, kind, attributes }) => ({ name, service, kind, attributes }))).toEqual(wayToTheEmail(shop).map((each) => shapeOf(shop, each)));
    const idOf = (span: Span | undefined): unknown => span?.attributes['messaging.message.id'];
    for (const [index, span] of way.entries()) if (span.kind === 'consumer') expect(idOf(span)).toBe(idOf(way[index - 1]));
  });

  test('has its statements where they were made, and tells a page and a socket of the in-app notification', async () => {
    const spans = await traceOfAnOrder(shop, await newCustomer(shop));
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    for (const [parent, statement] of STATEMENTS) {
      const found = named(spans, statement).find(({ parentSpanId }) => byId.get(parentSpanId ?? '')?.name === parent);
      expect({ parent, ...found }).toMatchObject({
        parent,
        name: statement,
        kind: 'client',
        attributes: { 'db.query.summary': statement, 'db.system.name': 'postgresql', 'db.namespace': expect.any(String) as string, 'db.query.text': expect.any(String) as string, 'server.address': expect.any(String) as string },
      });
    }
    const live = named(spans, 'process live').map((span) => chainTo(span, spans).slice(-4).map(({ name, kind }) => [name, kind]));
    expect(live).toContainEqual([['process notifications.inapp', 'consumer'], ['push live', 'internal'], ['send live', 'producer'], ['process live', 'consumer']]);
  });

  test('has a bill that adds up, and pays for the network where a request goes from process to process', async () => {
    const spans = await traceOfAnOrder(shop, await newCustomer(shop));
    const { answer, email } = billOrder(spans);
    for (const bill of [answer, email]) {
      expect(Object.values(bill?.parts ?? {}).reduce((sum, value) => sum + value, 0)).toBeCloseTo(bill?.totalMs ?? NaN, 6);
      expect(bill!.parts.network > 0).toBe(serviceOf(shop, 'gateway') !== serviceOf(shop, 'orders'));
      expect(bill!.parts.database).toBeGreaterThan(0);
    }
    expect(Object.entries(email?.parts ?? {}).filter(([, value]) => value > 0).map(([part]) => part)).toEqual(
      expect.arrayContaining(['compute', 'serialisation', 'outbox wait', 'broker wait', 'queue wait', 'brewing', 'mail']),
    );
  });

  test('is named in problem documents, in events on the stream and in the e-mail', async () => {
    const ada = await newCustomer(shop);
    const stream = await openEventStream(`${shop.baseUrl}${API}/stream`, { token: ada.token });
    onTestFinished(() => { stream.close(); });
    const [{ traceId } = { traceId: '' }] = await traceOfAnOrder(shop, ada);
    await expect.poll(() => stream.events.map(({ event, data }) => [event, data['traceId']]), { timeout: 20_000 }).toEqual([
      ['order.status', traceId],
      ['order.status', traceId],
      expect.arrayContaining([traceId]),
      expect.arrayContaining([traceId]),
    ]);
    expect(await shop.mailsTo(ada.email)).toMatchObject([{ traceId }]);
    const problem = (await shop.request(`${API}/auth/me`)).body as { traceId: string };
    await expect.poll(async () => (await shop.spans({ trace: problem.traceId })).length, { timeout: 10_000 }).toBeGreaterThan(0);
  });

  test('shows a dead letter and its replay as what they are', async () => {
    const ada = await newCustomer(shop);
    await shop.refuseMail(ada.email);
    onTestFinished(() => shop.acceptMail(ada.email));
    const { id } = await ada.placed();
    const handled = async (): Promise<unknown[]> =>
      named(await shop.spans({ order: id }), 'process notifications.email').map(({ failed, attributes }) => [
        failed,
        attributes['doubleshot.message.outcome'],
        attributes['doubleshot.message.replayed'],
        attributes['error.type'],
      ]);
    await expect.poll(handled, { timeout: 20_000 }).toEqual([[true, 'park', undefined, 'MailRefusedError']]);
    await shop.acceptMail(ada.email);
    const { opsOrigin } = shop.processes.find(({ modules }) => modules.includes('notifications'))!;
    await fetch(`${opsOrigin}/parked/notifications.email/replay`, { method: 'POST' });
    await expect.poll(handled, { timeout: 20_000 }).toEqual([
      [true, 'park', undefined, 'MailRefusedError'],
      [false, 'done', true, undefined],
    ]);
    const spans = await shop.spans({ order: id });
    expect(named(spans, 'send email').map(({ failed }) => failed)).toEqual([true, false]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  // A cache in memory is asked nothing that a trace could tell.
  const asked = BACKENDS === 'containers' ? 'what Redis was asked' : 'nothing of a cache in memory';
  test(`has ${asked}`, async () => {
    const trace = randomBytes(16).toString('hex');
    await shop.request(`${API}/menu/popular?limit=3`, { headers: { traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` } });
    if (BACKENDS === 'embedded') {
      await expect.poll(() => shop.spans({ trace }), { timeout: 10_000 }).not.toHaveLength(0);
      expect((await shop.spans({ trace })).filter(({ attributes }) => attributes['db.system.name'] === 'redis')).toEqual([]);
      return;
    }
    await expect.poll(async () => (await shop.spans({ trace })).filter(({ name }) => name === 'ZREVRANGE'), { timeout: 10_000 }).toMatchObject([
      { name: 'ZREVRANGE', kind: 'client', service: serviceOf(shop, 'orders'), attributes: { 'db.system.name': 'redis', 'db.operation.name': 'ZREVRANGE', 'db.namespace': expect.any(String) as string, 'server.address': 'redis', 'server.port': 6379 } },
    ]);
  });
});
