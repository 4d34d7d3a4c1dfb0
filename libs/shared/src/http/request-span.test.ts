import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { setServerRoute } from '../telemetry/server-route.ts';
import { recordSpans } from '../telemetry/testing/record-spans.ts';
import { withRequestSpan } from './request-span.ts';

const exporter = recordSpans();
const SOCKET = { localAddress: '10.0.0.1', localPort: 8_080, remoteAddress: '10.0.0.2', remotePort: 40_000 };

function exchange(message: Partial<Pick<IncomingMessage, 'method' | 'url' | 'headers'>>): { request: IncomingMessage; response: ServerResponse } {
  const request = { method: 'GET', url: '/', httpVersion: '1.1', headers: {}, socket: SOCKET, ...message } as unknown as IncomingMessage;
  return { request, response: Object.assign(new EventEmitter(), { statusCode: 200, headersSent: true }) as unknown as ServerResponse };
}

function span(): ReturnType<typeof exporter.getFinishedSpans>[number] {
  const [only, ...others] = exporter.getFinishedSpans();
  expect(others).toEqual([]);
  return only!;
}

test('a request is a span of what was asked and answered, without its query, active while it is worked on, over when the answer is', () => {
  const { request, response } = exchange({ method: 'POST', url: '/api/v1/orders?name=Ada', headers: { host: 'shop.test:8082', 'user-agent': 'curl' } });
  let active: string | undefined;
  withRequestSpan(request, response, () => { active = trace.getActiveSpan()?.spanContext().spanId; });
  setServerRoute(response, '/api/v1/orders');
  expect(exporter.getFinishedSpans()).toEqual([]);
  response.emit('close');
  expect(span()).toMatchObject({ name: 'POST /api/v1/orders', kind: SpanKind.SERVER, status: { code: SpanStatusCode.UNSET } });
  expect(span().spanContext().spanId).toBe(active);
  expect(span().attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/api/v1/orders',
    'http.response.status_code': 200,
    'url.scheme': 'http',
    'url.path': '/api/v1/orders',
    'server.address': 'shop.test',
    'server.port': 8_082,
    'network.protocol.version': '1.1',
    'network.peer.address': '10.0.0.2',
    'network.peer.port': 40_000,
    'user_agent.original': 'curl',
  });
});

test('an address of somebody and a token in what a client made up are taken out', () => {
  const { request, response } = exchange({ url: '/api/v1/users/ada%40customers.example', headers: { host: 'shop.test', 'user-agent': 'ada@customers.example, Bearer hunter2' } });
  withRequestSpan(request, response, () => undefined);
  response.emit('close');
  expect(span().attributes).toMatchObject({ 'url.path': '/api/v1/users/[redacted]', 'user_agent.original': '[redacted], Bearer [redacted]' });
});

test.each([
  ['[::1]:8080', '[::1]', 8_080],
  ['[::1]', '[::1]', 80],
  ['shop.test', 'shop.test', 80],
  [undefined, '10.0.0.1', 8_080],
])('the host %s is the address %s and the port %i', (host, address, port) => {
  const { request, response } = exchange({ headers: host === undefined ? {} : { host } });
  withRequestSpan(request, response, () => undefined);
  response.emit('close');
  expect(span().attributes).toMatchObject({ 'server.address': address, 'server.port': port });
});

test('a method that a client made up makes no name of its own, a fault of ours is an error, and a client that went away was answered nothing', () => {
  const made = exchange({ method: 'BREW' });
  withRequestSpan(made.request, made.response, () => undefined);
  made.response.emit('close');
  expect(span()).toMatchObject({ name: 'HTTP', attributes: { 'http.request.method': '_OTHER', 'http.request.method_original': 'BREW' } });
  exporter.reset();
  const failed = exchange({});
  failed.response.statusCode = 503;
  withRequestSpan(failed.request, failed.response, () => undefined);
  failed.response.emit('close');
  expect(span()).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'http.response.status_code': 503, 'error.type': '503' } });
  exporter.reset();
  const gone = exchange({});
  withRequestSpan(gone.request, Object.assign(gone.response, { headersSent: false }), () => undefined);
  gone.response.emit('close');
  expect(span().attributes).not.toHaveProperty('http.response.status_code');
});

test('where nobody traces a request is only worked on', () => {
  const { request, response } = exchange({});
  trace.disable();
  let worked = 0;
  withRequestSpan(request, response, () => { worked += 1; });
  response.emit('close');
  expect(worked).toBe(1);
  expect(exporter.getFinishedSpans()).toEqual([]);
});
