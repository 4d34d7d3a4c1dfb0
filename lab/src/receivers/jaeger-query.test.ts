import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { jaegerTraceOfOrder } from './jaeger-query.ts';

const ORDER = 'order-1';

interface Sketch {
  trace: string;
  id: string;
  service: string;
  name: string;
  kind: string;
  tags?: Record<string, string | number | boolean>;
  references?: { refType: string; traceID: string; spanID: string }[];
}

/** As Jaeger writes a span: its type says how a value is to be read, and a process is named by a key of the trace. */
function jaegerSpan({ trace, id, service, name, kind, tags = {}, references = [] }: Sketch): object {
  const types = { string: 'string', number: 'int64', boolean: 'bool' } as Record<string, string>;
  return {
    traceID: trace,
    spanID: id,
    operationName: name,
    references,
    startTime: 1_700_000_000_000_123 + Number(id),
    duration: 2_500,
    tags: Object.entries({ 'span.kind': kind, 'otel.scope.name': 'x', ...tags, 'internal.span.format': 'otlp' }).map(([key, value]) => ({ key, type: types[typeof value], value })),
    logs: [],
    processID: service,
    warnings: null,
  };
}

const SPANS: Sketch[] = [
  { trace: 'aa', id: '1', service: 'gateway', name: 'POST /api/v1/orders', kind: 'server', tags: { 'http.response.status_code': 201 } },
  { trace: 'aa', id: '2', service: 'orders', name: 'place order', kind: 'internal', tags: { 'doubleshot.order.id': ORDER, 'doubleshot.order.replayed': false }, references: [{ refType: 'CHILD_OF', traceID: 'aa', spanID: '1' }] },
  { trace: 'aa', id: '3', service: 'orders', name: 'send orders.v1', kind: 'producer', tags: { 'messaging.message.id': 'm1' }, references: [{ refType: 'CHILD_OF', traceID: 'aa', spanID: '2' }] },
  { trace: 'bb', id: '4', service: 'notifications', name: 'process orders.v1', kind: 'consumer', tags: { 'messaging.message.id': 'm1', error: true, 'otel.status_code': 'ERROR' }, references: [{ refType: 'FOLLOWS_FROM', traceID: 'aa', spanID: '3' }] },
  { trace: 'bb', id: '5', service: 'notifications', name: 'send notifications', kind: 'producer', tags: { 'messaging.message.id': 'm2' }, references: [{ refType: 'CHILD_OF', traceID: 'bb', spanID: '4' }] },
  { trace: 'cc', id: '6', service: 'notifications', name: 'process notifications.email', kind: 'consumer', tags: { 'messaging.message.id': 'm2' }, references: [{ refType: 'FOLLOWS_FROM', traceID: 'bb', spanID: '5' }] },
  { trace: 'dd', id: '7', service: 'orders', name: 'place order', kind: 'internal', tags: { 'doubleshot.order.id': ORDER, 'doubleshot.order.replayed': true } },
];

/** Answers as the query service does: whole traces in which one span of the service has all the tags. */
async function startJaeger(): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://jaeger');
    response.setHeader('content-type', 'application/json');
    if (pathname === '/api/services') response.end(JSON.stringify({ data: ['gateway', 'orders', 'notifications'], total: 3, limit: 0, offset: 0, errors: null }));
    else if (pathname === '/api/traces') response.end(JSON.stringify({ data: search(searchParams), total: 0, limit: 0, offset: 0, errors: null }));
    else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function search(query: URLSearchParams): object[] {
  const tags = JSON.parse(query.get('tags') ?? '{}') as Record<string, string>;
  if (Number(query.get('start')) >= Number(query.get('end'))) return [];
  const matches = SPANS.filter(({ service, tags: own = {} }) => service === query.get('service') && Object.entries(tags).every(([key, value]) => String(own[key]) === value));
  return [...new Set(matches.map(({ trace }) => trace))].map((traceID) => {
    const spans = SPANS.filter(({ trace }) => trace === traceID);
    return { traceID, spans: spans.map(jaegerSpan), processes: Object.fromEntries(spans.map(({ service }) => [service, { serviceName: service, tags: [] }])), warnings: null };
  });
}

test('an order is found by its id, and the linked traces by what was sent; a repeated request is left out', async () => {
  const spans = await jaegerTraceOfOrder(await startJaeger(), ORDER);
  expect(spans.map(({ spanId, service, kind, parentSpanId, links, failed }) => [spanId, service, kind, parentSpanId, links.map((link) => link.spanId), failed])).toEqual([
    ['1', 'gateway', 'server', undefined, [], false],
    ['2', 'orders', 'internal', '1', [], false],
    ['3', 'orders', 'producer', '2', [], false],
    ['4', 'notifications', 'consumer', undefined, ['3'], true],
    ['5', 'notifications', 'producer', '4', [], false],
    ['6', 'notifications', 'consumer', undefined, ['5'], false],
  ]);
  expect(spans[0]).toMatchObject({ traceId: 'aa', startMs: 1_700_000_000_000.124, durationMs: 2.5, attributes: { 'http.response.status_code': 201 } });
  expect(Object.keys(spans[3]?.attributes ?? {})).toEqual(['messaging.message.id']);
});

test('an order that Jaeger does not know has no spans, and a Jaeger that is not there is named', async () => {
  expect(await jaegerTraceOfOrder(await startJaeger(), 'order-2')).toEqual([]);
  await expect(jaegerTraceOfOrder('http://127.0.0.1:9', ORDER)).rejects.toThrow(/^Jaeger's query service at http:\/\/127\.0\.0\.1:9 cannot be asked/);
});
