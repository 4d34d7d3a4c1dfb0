import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTraceReceiver, type TraceReceiver } from './trace-receiver.ts';

let receiver: TraceReceiver;
beforeEach(async () => {
  receiver = await startTraceReceiver({ limit: 3 });
});
afterEach(() => receiver.close());

interface Sent {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  orderId?: string;
  linkedTo?: string;
  replayed?: boolean;
}

function exportOf({ traceId, spanId, parentSpanId, orderId, linkedTo, replayed }: Sent): object {
  const span = {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: 'place order',
    kind: 2,
    startTimeUnixNano: `17000000000001234${spanId.padStart(2, '0')}`,
    endTimeUnixNano: '1700000000002234500',
    attributes: [
      ...(orderId === undefined ? [] : [{ key: 'doubleshot.order.id', value: { stringValue: orderId } }]),
      ...(replayed === undefined ? [] : [{ key: 'doubleshot.order.replayed', value: { boolValue: replayed } }]),
      { key: 'items', value: { intValue: '3' } },
      { key: 'stations', value: { arrayValue: { values: [{ stringValue: 'espresso' }] } } },
    ],
    links: linkedTo === undefined ? [] : [{ traceId: linkedTo, spanId: '1' }],
    status: { code: 2 },
  };
  return { resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'orders' } }] }, scopeSpans: [{ spans: [span] }] }] };
}

async function post(body: string | Buffer, headers: Record<string, string> = {}, path = '/v1/traces'): Promise<number> {
  const response = await fetch(receiver.url + path, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers: { 'content-type': 'application/json', ...headers } });
  await response.arrayBuffer();
  return response.status;
}

const send = (sent: Sent): Promise<number> => post(JSON.stringify(exportOf(sent)));

test('when spans arrive, then they are found by trace and by order with their attributes', async () => {
  expect(await send({ traceId: 'aa', spanId: '1', orderId: 'order-1' })).toBe(200);
  expect(receiver.traceOfOrder('order-1')).toEqual([
    {
      traceId: 'aa',
      spanId: '1',
      service: 'orders',
      name: 'place order',
      kind: 'server',
      startMs: 1_700_000_000_000.123,
      durationMs: expect.closeTo(2.111, 3) as number,
      failed: true,
      attributes: { 'doubleshot.order.id': 'order-1', items: 3, stations: ['espresso'] },
      links: [],
    },
  ]);
  expect(receiver.trace('aa')).toHaveLength(1);
  expect(receiver.traceOfOrder('order-2')).toEqual([]);
});

test('when messages are traced by links, then the linked traces belong to the order', async () => {
  await send({ traceId: 'aa', spanId: '1', orderId: 'order-1' });
  await send({ traceId: 'bb', spanId: '2', linkedTo: 'aa' });
  await send({ traceId: 'cc', spanId: '3', linkedTo: 'bb' });
  expect(receiver.traceOfOrder('order-1').map((span) => span.traceId)).toEqual(['aa', 'bb', 'cc']);
});

test('when a request only got the answer of an earlier one, then its trace is not the order’s', async () => {
  await send({ traceId: 'aa', spanId: '1', orderId: 'order-1', replayed: false });
  await send({ traceId: 'bb', spanId: '2', orderId: 'order-1', replayed: true });
  expect(receiver.traceOfOrder('order-1').map((span) => span.traceId)).toEqual(['aa']);
});

test('when more arrive than are kept, then the oldest trace goes whole', async () => {
  await send({ traceId: 'aa', spanId: '1', orderId: 'order-1' });
  await send({ traceId: 'aa', spanId: '2', parentSpanId: '1' });
  await send({ traceId: 'bb', spanId: '3' });
  await send({ traceId: 'cc', spanId: '4' });
  expect([receiver.trace('aa'), receiver.traceOfOrder('order-1'), receiver.trace('bb')].map((spans) => spans.length)).toEqual([0, 0, 1]);
  expect(receiver.received).toBe(4);
});

test('when all traces are asked for, then each is whole, and after clearing there is none', async () => {
  await send({ traceId: 'aa', spanId: '1' });
  await send({ traceId: 'bb', spanId: '3' });
  await send({ traceId: 'aa', spanId: '2', parentSpanId: '1' });
  expect(receiver.all().map((spans) => spans.map(({ spanId }) => spanId))).toEqual([['1', '2'], ['3']]);
  receiver.clear();
  expect(receiver.all()).toEqual([]);
});

test('when the body is compressed, then it is read all the same', async () => {
  expect(await post(gzipSync(JSON.stringify(exportOf({ traceId: 'aa', spanId: '1' }))), { 'content-encoding': 'gzip' })).toBe(200);
  expect(receiver.trace('aa')).toHaveLength(1);
});

test('when the request is not an export in JSON, then it is refused and nothing breaks', async () => {
  expect(await post('{')).toBe(400);
  expect(await post('{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":1}]}]}]}')).toBe(400);
  expect(await post('x', { 'content-type': 'application/x-protobuf' })).toBe(415);
  expect(await post('{}', {}, '/v1/logs')).toBe(404);
  expect(await post('{}')).toBe(200);
});
