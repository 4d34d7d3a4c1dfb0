import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Router } from 'express';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { setServerRoute } from '../telemetry/server-route.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import { setRequestUser } from './request-user.ts';

const TIMEOUTS = { headersMs: 200, requestMs: 400, stalledMs: 3_000 };

/** More than the kernel takes for a client that does not read. */
const LARGE_BYTES = 20_000_000;

let server: HttpServer;
let metrics: Registry;
let lines: Record<string, unknown>[];
let finish: (() => void) | undefined;

beforeEach(async () => {
  metrics = new Registry();
  lines = [];
  finish = undefined;
  const router = Router();
  router.get('/quick', (request, response) => {
    setServerRoute(response, '/quick');
    setRequestUser(response, 'ann');
    response.end(String(request.ip));
  });
  router.get('/slow', (_request, response) => {
    finish = () => response.end('done');
  });
  router.get('/large', (_request, response) => response.end(Buffer.alloc(LARGE_BYTES)));
  router.get('/events', (_request, response) => void response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(':hello\n\n'));
  const logger = createLogger({ service: 'test', level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) } });
  server = createHttpServer({ routers: [router], logger, metrics, host: '127.0.0.1', port: 0, timeouts: TIMEOUTS });
  await server.start();
});
afterEach(() => server.close(0));

function open(): Socket {
  return connect(server.port, '127.0.0.1');
}

/** Sends bytes and reads until the server closes the connection. */
async function exchange(bytes: string): Promise<{ status: number; head: string; problem: { code?: string } }> {
  const socket = open();
  socket.write(bytes);
  const answer = await text(socket);
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  return { status: Number(head.split(' ')[1]), head, problem: body.startsWith('{') ? (JSON.parse(body) as { code: string }) : {} };
}

const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;

describe('what is not HTTP is answered with a problem document and a closed connection', () => {
  test.each([
    ['nonsense', 'hello\r\n\r\n', 400, 'malformed_request'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n', 400, 'malformed_request'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400, 'malformed_request'],
    ['a length beside chunks', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400, 'malformed_request'],
    ['no Host', 'GET /quick HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
    ['an absolute target', 'GET http://evil/quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
    ['a target with an authority', 'GET //evil/quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
    ['a head that is too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
    ['a head that does not end', 'GET / HTTP/1.1\r\nHost: x\r\n', 408, 'request_timeout'],
  ])('%s', async (_name, bytes, status, code) => {
    const answer = await exchange(bytes);
    expect([answer.status, answer.problem.code]).toEqual([status, code]);
    expect(answer.head).toMatch(/content-type: application\/problem\+json/i);
    expect(answer.head).toMatch(/connection: close/i);
  });

  test('and counted, and leaves a line', async () => {
    await exchange('hello\r\n\r\n');
    expect(lines).toMatchObject([{ 'log.level': 'info', message: 'request', 'http.response.status_code': 400, 'error.code': 'malformed_request' }]);
    expect(await metrics.metrics()).toContain('http_server_malformed_requests_total{status="400"} 1');
  });

  test('and lets go of a client that does not close', async () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    const error = new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
    expect(await text(socket)).toContain('408');
    // Only a socket that is gone answers bytes with a reset.
    const writing = setInterval(() => socket.write('x'), 50);
    expect((await error.finally(() => { clearInterval(writing); })).code).toMatch(/^(ECONNRESET|EPIPE)$/);
  });

  test('but never inside an answer that has begun', async () => {
    const socket = open();
    socket.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
    const received = text(socket);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('nonsense\r\n\r\n');
    const answer = await received.catch(() => '');
    expect(answer).not.toContain('problem+json');
  });
});

test('a client that does not read its answer is let go', async () => {
  const socket = open();
  socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => socket.once('readable', resolve));
  await expect.poll(async () => (await metrics.metrics()).includes('http_server_active_requests 0'), { timeout: 10_000 }).toBe(true);
  socket.destroy();
});

test('an expectation it does not know is ignored, and 100-continue is met', async () => {
  expect((await exchange('GET /quick HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n')).status).toBe(200);
  expect((await exchange('GET /quick HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n')).status).toBe(100);
});

test('the request id is taken over if it is harmless, else made', async () => {
  const idFor = async (id?: string) => (await fetch(url('/quick'), { headers: id === undefined ? {} : { 'X-Request-Id': id } })).headers.get('x-request-id');
  expect(await idFor('abc-1._Z')).toBe('abc-1._Z');
  for (const id of [undefined, '', 'a b', '<x>', 'x'.repeat(65)]) expect(await idFor(id)).toMatch(/^[0-9a-f-]{36}$/);
});

test('X-Forwarded-For is not believed, and nothing tells what the server is made of', async () => {
  const response = await fetch(url('/quick'), { headers: { 'X-Forwarded-For': '1.2.3.4' } });
  expect(await response.text()).toBe('127.0.0.1');
  expect(response.headers.get('x-powered-by')).toBeNull();
  expect(response.headers.get('etag')).toBeNull();
});

test('each request is one log line without its query, and one measurement by route', async () => {
  await fetch(url('/quick?token=hunter2'), { headers: { authorization: 'Bearer hunter2', 'x-request-id': 'r1' } });
  await fetch(url('/nothing/to/see'));
  await vi.waitUntil(() => lines.length === 2);
  expect(lines[0]).toMatchObject({
    'log.level': 'info',
    'http.request.method': 'GET',
    'http.request.id': 'r1',
    'http.response.status_code': 200,
    'url.path': '/quick',
    'user.id': 'ann',
    'event.duration': expect.any(Number) as number,
  });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  const text = await metrics.metrics();
  expect(text).toContain('http_server_request_duration_seconds_count{method="GET",route="/quick",status="200"} 1');
  expect(text).toContain('http_server_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1');
  expect(text).toContain('http_server_active_requests 0');
});

describe('on its way out', () => {
  test('it finishes requests under way, tells clients to close, and takes no new connection', async () => {
    const slow = fetch(url('/slow'));
    await vi.waitUntil(() => finish !== undefined);
    const closed = server.close(5_000);
    await vi.waitUntil(() => fetch(url('/quick')).then(() => false, () => true));
    finish?.();
    const response = await slow;
    expect([response.status, response.headers.get('connection'), await response.text()]).toEqual([200, 'close', 'done']);
    await closed;
  });

  test('it answers those who had connected before, however many wait to be accepted', async () => {
    const answers = Array.from({ length: 50 }, () => exchange('GET /quick HTTP/1.1\r\nHost: x\r\n\r\n'));
    // By then the system has connected them, and the server, which has had no turn, has accepted none.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const closed = server.close(5_000);
    for (const { status, head } of await Promise.all(answers)) expect([status, head]).toEqual([200, expect.stringMatching(/connection: close/i)]);
    await closed;
  });

  test('it still answers a request that comes on an idle kept-alive connection', async () => {
    const socket = open();
    socket.write('GET /quick HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    const closed = server.close(5_000);
    socket.write('GET /quick HTTP/1.1\r\nHost: x\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
    expect(answer).toMatch(/connection: close/i);
    await closed;
  });

  test('it ends event streams, and cuts what is still open at the deadline', async () => {
    const events = await fetch(url('/events'));
    const slow = fetch(url('/slow'));
    const cut = expect(slow).rejects.toThrow();
    await vi.waitUntil(() => finish !== undefined);
    const closed = server.close(300);
    expect(await events.text()).toBe(':hello\n\n');
    await cut;
    await closed;
  });
});
