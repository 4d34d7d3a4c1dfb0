import type { IncomingMessage } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { request } from 'undici';
import { eventually } from '../../../../tests/setup/eventually.ts';
import { NOBODY, startGateway } from '../testing/start-gateway.ts';
import { startUpstream } from '../testing/start-upstream.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };
const KEYED = { 'idempotency-key': 'k' };

async function problem(url: string, options: Parameters<typeof request>[1] = {}): Promise<{ status: number; headers: Record<string, unknown>; body: Record<string, unknown> }> {
  const { statusCode, headers, body } = await request(url, options);
  expect(headers['content-type']).toBe('application/problem+json');
  return { status: statusCode, headers, body: (await body.json()) as Record<string, unknown> };
}

/** A listener that treats each connection, by its number, as it is told. */
async function startRawUpstream(onConnection: (socket: Socket, count: number) => void): Promise<{ origin: string; opened: () => number }> {
  let opened = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onConnection(socket, (opened += 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, opened: () => opened };
}

const RESET_FIRST = (socket: Socket, count: number): void => {
  socket.once('data', () => {
    if (count === 1) socket.resetAndDestroy();
    else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
  });
};

describe('a service that cannot be reached', () => {
  it.each(['GET', 'POST'] as const)('gives 503 with a hint when to come again (%s)', async (method) => {
    const gateway = await startGateway({ orders: NOBODY });
    const answer = await problem(`${gateway.origin}/api/v1/orders`, { method, ...(method === 'POST' && { body: '{}', headers: JSON_HEADERS }) });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, body: { code: 'unavailable' } });
  });

  it('does not take the others along', async () => {
    const auth = await startUpstream((_request, response) => response.end('{"keys":[]}'));
    const gateway = await startGateway({ orders: NOBODY, auth });
    expect((await problem(`${gateway.origin}/api/v1/menu`)).status).toBe(503);
    expect((await request(`${gateway.origin}/.well-known/jwks.json`)).statusCode).toBe(200);
  });

  it('is found again as soon as it is back', async () => {
    const first = await startUpstream((_request, response) => response.end('{}'));
    const gateway = await startGateway({ orders: first });
    expect((await request(`${gateway.origin}/api/v1/menu`)).statusCode).toBe(200);
    await first.close();
    expect((await problem(`${gateway.origin}/api/v1/menu`)).status).toBe(503);
    await startUpstream((_request, response) => response.end('{}'), Number(new URL(first.origin).port));
    expect((await request(`${gateway.origin}/api/v1/menu`)).statusCode).toBe(200);
  });
});

describe('a service that breaks off', () => {
  it.each([
    ['without a key', '/api/v1/orders', {}],
    ['with a key that its operation does not know', '/api/v1/orders/019aaf00-0000-7000-8000-000000000001/cancel', KEYED],
  ])('gives 502 when it closes before it answers, and a POST %s is not sent twice', async (_which, path, headers) => {
    const upstream = await startRawUpstream((socket) => socket.once('data', () => socket.destroy()));
    const gateway = await startGateway({ orders: upstream });
    const answer = await problem(`${gateway.origin}${path}`, { method: 'POST', body: '{}', headers: { ...JSON_HEADERS, ...headers } });
    expect(answer).toMatchObject({ status: 502, body: { code: 'upstream_failed' } });
    expect(upstream.opened()).toBe(1);
  });

  it('is sent an order once more, with the same key and body, when an idle connection closes under it', async () => {
    const received: string[] = [];
    const upstream = await startRawUpstream((socket, count) => {
      socket.on('data', (part: Buffer) => {
        const text = part.toString();
        if (text.startsWith('POST')) received.push(text);
        if (count === 1 && text.startsWith('POST')) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    const gateway = await startGateway({ orders: upstream });
    await (await request(`${gateway.origin}/api/v1/menu`)).body.dump();
    const answer = await request(`${gateway.origin}/api/v1/orders`, { method: 'POST', body: '{"a":1}', headers: { ...JSON_HEADERS, ...KEYED } });
    expect(answer.statusCode).toBe(200);
    expect(upstream.opened()).toBe(2);
    expect(received).toHaveLength(2);
    expect(received[1]).toBe(received[0]);
    expect(received[1]).toMatch(/idempotency-key: k\r\n[^]*\r\n\r\n\{"a":1\}$/);
  });

  it('is sent an order no more than once more', async () => {
    const upstream = await startRawUpstream((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const gateway = await startGateway({ orders: upstream });
    expect((await problem(`${gateway.origin}/api/v1/orders`, { method: 'POST', body: '{}', headers: { ...JSON_HEADERS, ...KEYED } })).status).toBe(502);
    expect(upstream.opened()).toBe(2);
  });

  it('is not sent an order again once its answer has begun', async () => {
    const upstream = await startRawUpstream((socket) => socket.once('data', () => socket.end('HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n')));
    const gateway = await startGateway({ orders: upstream });
    expect((await problem(`${gateway.origin}/api/v1/orders`, { method: 'POST', body: '{}', headers: { ...JSON_HEADERS, ...KEYED } })).status).toBe(502);
    expect(upstream.opened()).toBe(1);
  });

  it.each(['GET', 'HEAD'] as const)('is asked once more for a %s', async (method) => {
    const upstream = await startRawUpstream(RESET_FIRST);
    const gateway = await startGateway({ orders: upstream });
    expect((await request(`${gateway.origin}/api/v1/menu`, { method })).statusCode).toBe(200);
    expect(upstream.opened()).toBe(2);
    expect(await gateway.metrics.getSingleMetricAsString('doubleshot_gateway_retries_total')).toContain('{module="orders"} 1');
  });

  it('is asked no more than once more', async () => {
    const upstream = await startRawUpstream((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const gateway = await startGateway({ orders: upstream });
    expect((await problem(`${gateway.origin}/api/v1/menu`)).status).toBe(502);
    expect(upstream.opened()).toBe(2);
  });

  it('leaves nothing of its head in the problem when its body never comes', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: "7"\r\nContent-Encoding: gzip\r\nCache-Control: public\r\n\r\n';
    const upstream = await startRawUpstream((socket) => socket.once('data', () => socket.end(head)));
    const gateway = await startGateway({ orders: upstream });
    const answer = await problem(`${gateway.origin}/api/v1/menu`);
    expect(answer).toMatchObject({ status: 502, body: { code: 'upstream_failed' }, headers: { 'cache-control': 'no-store', 'x-frame-options': 'DENY' } });
    expect(answer.headers).not.toHaveProperty('etag');
    expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  it('gives 502 when what it says is not HTTP', async () => {
    const upstream = await startRawUpstream((socket) => socket.once('data', () => socket.end('220 mail ready\r\n')));
    const gateway = await startGateway({ orders: upstream });
    expect(await problem(`${gateway.origin}/api/v1/menu`)).toMatchObject({ status: 502, body: { code: 'upstream_failed' } });
  });

  it('has the connection to the client cut when an answer has begun, so that nobody takes it for whole', async () => {
    const upstream = await startUpstream((_request, response) => {
      response.write('{"items":[');
      setImmediate(() => response.destroy());
    });
    const gateway = await startGateway({ orders: upstream });
    const { statusCode, body } = await request(`${gateway.origin}/api/v1/menu`);
    expect(statusCode).toBe(200);
    await expect(body.text()).rejects.toThrow();
  });
});

describe('a service that is silent', () => {
  it('gives 504 when it takes the request and does not answer', async () => {
    const upstream = await startUpstream(() => undefined);
    const gateway = await startGateway({ orders: upstream }, { UPSTREAM_TIMEOUT_MS: '300' });
    expect(await problem(`${gateway.origin}/api/v1/menu`)).toMatchObject({ status: 504, body: { code: 'upstream_timeout' } });
    expect(upstream.requests).toHaveLength(1);
  });

  it('may take as long as the client asked it to wait', async () => {
    const upstream = await startUpstream((_request, response) => void setTimeout(() => response.end('{}'), 1_500));
    const gateway = await startGateway({ orders: upstream }, { UPSTREAM_TIMEOUT_MS: '500' });
    const headers = { prefer: 'wait=2', 'if-none-match': '"1"' };
    expect((await request(`${gateway.origin}/api/v1/orders/019aaf00-0000-7000-8000-000000000001`, { headers })).statusCode).toBe(200);
  });

  it('is given up in the middle of an answer too', async () => {
    const upstream = await startUpstream((_request, response) => void response.write('{'));
    const gateway = await startGateway({ orders: upstream }, { UPSTREAM_TIMEOUT_MS: '300' });
    const { body } = await request(`${gateway.origin}/api/v1/menu`);
    await expect(body.text()).rejects.toThrow();
  });

  it('is given no more requests than it may hold, and takes new ones when those end', async () => {
    const held: (() => void)[] = [];
    const upstream = await startUpstream((_request, response) => void held.push(() => void response.end('{}')));
    const gateway = await startGateway({ orders: upstream }, { UPSTREAM_MAX_IN_FLIGHT: '2' });
    const waiting = [1, 2].map(() => request(`${gateway.origin}/api/v1/menu`));
    await eventually(() => held.length === 2, 'both are under way');
    expect(await gateway.metrics.getSingleMetricAsString('doubleshot_gateway_in_flight')).toContain('{module="orders",kind="answer"} 2');
    expect(await problem(`${gateway.origin}/api/v1/menu`)).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, body: { code: 'overloaded' } });
    for (const answer of held) answer();
    for (const one of await Promise.all(waiting)) await one.body.dump();
    const next = request(`${gateway.origin}/api/v1/menu`);
    await eventually(() => held.length === 3, 'the next one is passed on');
    held[2]?.();
    expect((await next).statusCode).toBe(200);
  });
});

describe('a wait that the client asks for', () => {
  const WAIT = { prefer: 'wait=30' };

  it('is not honoured where the operation has no such header: the limit and the time-out stay', async () => {
    const upstream = await startUpstream(() => undefined);
    const gateway = await startGateway({ orders: upstream }, { UPSTREAM_TIMEOUT_MS: '500', UPSTREAM_MAX_IN_FLIGHT: '1' });
    const first = problem(`${gateway.origin}/api/v1/menu`, { headers: WAIT });
    await eventually(() => upstream.requests.length === 1, 'the first is under way');
    expect(await problem(`${gateway.origin}/api/v1/menu`, { headers: WAIT })).toMatchObject({ status: 503, body: { code: 'overloaded' } });
    expect(await first).toMatchObject({ status: 504, body: { code: 'upstream_timeout' } });
  });

  it('is passed on as an ordinary request when too many wait already', async () => {
    const held: (() => void)[] = [];
    const upstream = await startUpstream((incoming, response) => {
      if (incoming.headers['prefer'] === undefined) response.end('{}');
      else held.push(() => void response.end('{}'));
    });
    const gateway = await startGateway({ orders: upstream }, { UPSTREAM_MAX_WAITS: '1' });
    const order = `${gateway.origin}/api/v1/orders/019aaf00-0000-7000-8000-000000000001`;
    const first = request(order, { headers: WAIT });
    await eventually(() => held.length === 1, 'the first waits');
    expect((await request(order, { headers: WAIT })).statusCode).toBe(200);
    expect(upstream.requests.map(({ headers }) => headers['prefer'])).toEqual(['wait=30', undefined]);
    expect(await gateway.metrics.getSingleMetricAsString('doubleshot_gateway_in_flight')).toContain('{module="orders",kind="wait"} 1');
    held[0]?.();
    await (await first).body.dump();
    const next = request(order, { headers: WAIT });
    await eventually(() => held.length === 2, 'the next one may wait');
    held[1]?.();
    expect((await next).statusCode).toBe(200);
  });
});

describe('a stream', () => {
  it('is refused when too many are open already', async () => {
    const upstream = await startUpstream((_request, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(); });
    const gateway = await startGateway({ notifications: upstream }, { UPSTREAM_MAX_WAITS: '1' });
    const first = await request(`${gateway.origin}/api/v1/stream`);
    expect(await problem(`${gateway.origin}/api/v1/stream`)).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, body: { code: 'overloaded' } });
    first.body.destroy();
  });
});

describe('a body that is too large', () => {
  const LIMIT_BYTES = 64 * 1_024;

  it('is refused before anything of it is passed on when the client announces it', async () => {
    const upstream = await startUpstream((_request, response) => response.end());
    const gateway = await startGateway({ orders: upstream });
    const body = Buffer.alloc(LIMIT_BYTES + 1);
    const answer = await problem(`${gateway.origin}/api/v1/orders`, { method: 'POST', body, headers: JSON_HEADERS });
    expect(answer).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(upstream.requests).toHaveLength(0);
  });

  it('is cut off while it streams when the client does not', async () => {
    let broken = false;
    const received: number[] = [];
    const upstream = await startUpstream((incoming: IncomingMessage) => {
      incoming.on('data', (part: Buffer) => received.push(part.length)).on('error', () => (broken = true));
    });
    const gateway = await startGateway({ orders: upstream });
    async function* parts(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 64; i += 1) yield await Promise.resolve(Buffer.alloc(LIMIT_BYTES / 4));
    }
    const answer = await problem(`${gateway.origin}/api/v1/orders`, { method: 'POST', body: Readable.from(parts()), headers: JSON_HEADERS });
    expect(answer).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    await eventually(() => broken, 'the service behind sees the body break off');
    expect(received.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(LIMIT_BYTES);
  });
});
