import { connect } from 'node:net';
import { setImmediate as sent } from 'node:timers/promises';
import { defineOperation, type Problem } from '@doubleshot/contracts';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { DatabaseUnavailableError } from '../database/database.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { createLogger } from '../logging/logger.ts';
import type { Principal, TokenVerifier } from '../security/principal.ts';
import { handle } from './bound-operation.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import { createOperationRouter } from './operation-router.ts';

const BODY_LIMIT_BYTES = 1_000;
const base = { module: 'orders', access: 'public', summary: 'x', responses: { 200: { description: 'x' } }, problems: [] } as const;

const listThings = defineOperation({ ...base, id: 'listThings', method: 'get', path: '/things', request: { query: z.strictObject({ limit: z.coerce.number().int().max(9).default(5) }) } });
const popular = defineOperation({ ...base, id: 'popular', method: 'get', path: '/things/popular', request: {} });
const getThing = defineOperation({ ...base, id: 'getThing', method: 'get', path: '/things/:id', access: 'authenticated', request: { params: z.object({ id: z.string().max(5) }) } });
const makeThing = defineOperation({
  ...base,
  id: 'makeThing',
  method: 'post',
  path: '/things',
  access: 'authenticated',
  request: { headers: z.object({ 'x-count': z.string().regex(/^\d+$/).optional() }), body: z.strictObject({ name: z.string(), sizes: z.array(z.int()).optional() }) },
});
const cancelThing = defineOperation({ ...base, id: 'cancelThing', method: 'post', path: '/things/:id/cancel', request: { params: z.object({ id: z.string() }), body: z.strictObject({ reason: z.string().optional() }).optional() } });
const renameThing = defineOperation({ ...base, id: 'renameThing', method: 'patch', path: '/things/:id', request: { params: z.object({ id: z.string() }), headers: z.object({ 'if-match': z.string().optional() }), body: z.strictObject({ name: z.string() }) }, requiredHeaders: { 'if-match': 'precondition_required' } });
const closeShop = defineOperation({ ...base, id: 'closeShop', method: 'delete', path: '/shop', access: 'staff', request: {} });
const stream = defineOperation({ ...base, id: 'stream', method: 'get', path: '/stream', request: {}, responses: { 200: { description: 'x', mediaType: 'text/event-stream' } } });
const fail = defineOperation({ ...base, id: 'fail', method: 'get', path: '/fail/:how', request: { params: z.object({ how: z.string() }) } });

const principal = (role: Principal['role']): Principal => ({ userId: `a-${role}`, role, sessionId: 's', expiresAt: new Date(0) });
const tokens: TokenVerifier = {
  verify: (authorization) => {
    if (authorization === 'Bearer customer') return Promise.resolve(principal('customer'));
    if (authorization === 'Bearer staff') return Promise.resolve(principal('staff'));
    return Promise.reject(new ProblemError('token_missing', undefined, { headers: { 'WWW-Authenticate': 'Bearer' } }));
  },
};

const failures: Record<string, () => Error> = {
  unexpected: () => new TypeError('SELECT secret FROM users failed'),
  database: () => new DatabaseUnavailableError('10.0.0.1 refused'),
  unavailable: () => new ProblemError('unavailable', 'not now', { headers: { 'Retry-After': '7' }, cause: new Error('why') }),
};
const listed = vi.fn(() => Promise.resolve({ status: 200, headers: { ETag: '"1"' }, body: { items: [] } }));
const opened = vi.fn(() => Promise.resolve('streamed' as const));
let waiting = false;
let aborted = false;

const router = createOperationRouter({
  tokens,
  bodyLimitBytes: BODY_LIMIT_BYTES,
  operations: [
    handle(listThings, listed),
    handle(popular, () => Promise.resolve({ status: 200, body: 'popular' })),
    handle(getThing, ({ params, principal: { userId } }) => Promise.resolve({ status: 200, body: { id: params.id, userId } })),
    handle(makeThing, ({ body, headers }) => Promise.resolve({ status: 201, headers: { Location: `/things/${body.name}` }, body: { ...body, count: headers['x-count'] } })),
    handle(cancelThing, ({ body }) => Promise.resolve({ status: 200, body: { got: body ?? null } })),
    handle(renameThing, ({ headers }) => Promise.resolve({ status: 200, body: { ifMatch: headers['if-match'] } })),
    handle(closeShop, () => Promise.resolve({ status: 204 })),
    handle(stream, opened),
    handle(fail, async ({ params, signal, raw }) => {
      if (params.how === 'never') {
        waiting = true;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
        aborted = true;
      }
      if (params.how === 'half') {
        raw.response.writeHead(200, { 'Content-Length': '100' }).write('half');
        await sent();
      }
      throw failures[params.how]?.() ?? failures['unexpected']?.() ?? new Error('no such failure');
    }),
  ],
});

let server: HttpServer;
let origin: string;
const logged: string[] = [];

beforeAll(async () => {
  const logger = createLogger({ service: 'test', level: 'info', destination: { write: (line) => void logged.push(line) } });
  server = createHttpServer({ routers: [router], logger, metrics: new Registry(), host: '127.0.0.1', port: 0 });
  await server.start();
  origin = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.close(100));

const asCustomer = { authorization: 'Bearer customer' };
const json = { 'content-type': 'application/json' };

async function problemOf(path: string, init?: RequestInit): Promise<Problem & { headers: Headers }> {
  const response = await fetch(origin + path, init);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({ type: `/problems/${problem.code}`, status: response.status, title: expect.any(String) as string });
  return { ...problem, headers: response.headers };
}

function makeThingWith(body: RequestInit['body'], headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', headers: { ...asCustomer, ...json, ...headers }, body };
}

describe('an operation', () => {
  test('gets its input validated and converted, and answers JSON', async () => {
    const response = await fetch(`${origin}/things`, makeThingWith('{"name":"cup","sizes":[1]}', { 'x-count': '2' }));
    expect([response.status, response.headers.get('location'), response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      201,
      '/things/cup',
      'application/json; charset=utf-8',
      'private, no-cache',
    ]);
    expect(await response.json()).toEqual({ name: 'cup', sizes: [1], count: '2' });
  });

  test('is not asked without a header it requires, which has a problem of its own, after the form', async () => {
    const rename = (body: string, headers: Record<string, string> = {}): RequestInit => ({ method: 'PATCH', headers: { ...json, ...headers }, body });
    expect(await problemOf('/things/7', rename('{"name":"mug"}'))).toMatchObject({ code: 'precondition_required', status: 428 });
    expect(await problemOf('/things/7', rename('{}'))).toMatchObject({ code: 'validation_failed' });
    expect(await (await fetch(`${origin}/things/7`, rename('{"name":"mug"}', { 'if-match': '"1"' }))).json()).toEqual({ ifMatch: '"1"' });
  });

  test('knows its principal', async () => {
    const response = await fetch(`${origin}/things/7`, { headers: asCustomer });
    expect(await response.json()).toEqual({ id: '7', userId: 'a-customer' });
  });

  test('with a fixed segment goes before one with a parameter', async () => {
    expect(await (await fetch(`${origin}/things/popular`)).json()).toBe('popular');
  });

  test('answers HEAD like GET, without the body', async () => {
    const [get, head] = await Promise.all([fetch(`${origin}/things`), fetch(`${origin}/things`, { method: 'HEAD' })]);
    expect([head.status, head.headers.get('etag'), head.headers.get('content-length')]).toEqual([200, '"1"', get.headers.get('content-length')]);
    expect(await head.text()).toBe('');
  });

  test('that streams is not opened by HEAD', async () => {
    const head = await fetch(`${origin}/stream`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/event-stream', '']);
    expect(opened).not.toHaveBeenCalled();
  });

  test.each([[undefined, undefined], ['', json], ['{}', json]])('with an optional body takes %j', async (body, headers) => {
    const response = await fetch(`${origin}/things/1/cancel`, { method: 'POST', ...(body !== undefined && { body }), ...(headers && { headers }) });
    expect(await response.json()).toEqual({ got: body === '{}' ? {} : null });
  });

  test('may answer with nothing', async () => {
    const response = await fetch(`${origin}/shop`, { method: 'DELETE', headers: { authorization: 'Bearer staff' } });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  test('learns that its client went away', async () => {
    const client = new AbortController();
    const request = fetch(`${origin}/fail/never`, { signal: client.signal });
    await vi.waitUntil(() => waiting);
    client.abort();
    await expect(request).rejects.toThrow();
    await vi.waitUntil(() => aborted);
  });
});

describe('a refusal', () => {
  test('names every field that is wrong, by place', async () => {
    const problem = await problemOf('/things', makeThingWith('{"sizes":[1,"2"],"colour":"red","a/b~":1}', { 'x-count': 'many' }));
    expect(problem.code).toBe('validation_failed');
    expect(problem.errors?.map((error) => [error.in, error.at]).toSorted()).toEqual([
      ['body', '/a~1b~0'],
      ['body', '/colour'],
      ['body', '/name'],
      ['body', '/sizes/1'],
      ['header', 'x-count'],
    ]);
    expect((await problemOf('/things?limit=10&limit=2&page=1')).errors?.map((error) => [error.in, error.at])).toEqual([['query', 'limit'], ['query', 'page']]);
    expect((await problemOf('/things/far-too-long', { headers: asCustomer })).errors).toEqual([expect.objectContaining({ in: 'path', at: 'id' })]);
  });

  test('of a huge number of wrong fields stays small', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 1]));
    const { errors } = await problemOf('/things', makeThingWith(JSON.stringify(many).slice(0, BODY_LIMIT_BYTES)));
    expect(errors?.length).toBe(20);
  });

  test.each([
    ['no token', undefined, 'token_missing'],
    ['the wrong role', asCustomer, 'forbidden'],
  ])('for %s comes before the body is read', async (_why, headers, code) => {
    expect((await problemOf('/shop', { method: 'DELETE', ...(headers && { headers }), body: 'x'.repeat(2 * BODY_LIMIT_BYTES) })).code).toBe(code);
  });

  test('for a missing token carries the challenge', async () => {
    expect((await problemOf('/things/1')).headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each([
    ['not JSON', '{', {}, 'malformed_request'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 'malformed_request'],
    ['of no media type', Buffer.from('{}'), { 'content-type': '' }, 'unsupported_media_type'],
    ['of another media type', 'name=cup', { 'content-type': 'application/x-www-form-urlencoded' }, 'unsupported_media_type'],
    ['of another charset', '{}', { 'content-type': 'application/json; charset=utf-16' }, 'unsupported_media_type'],
    ['with a content coding', '{}', { 'content-encoding': 'gzip' }, 'unsupported_media_type'],
    ['too large by its length', 'x'.repeat(BODY_LIMIT_BYTES + 1), {}, 'payload_too_large'],
    ['null', 'null', {}, 'validation_failed'],
    ['an array', '[]', {}, 'validation_failed'],
    ['with a prototype', '{"name":"x","__proto__":{"admin":true}}', {}, 'validation_failed'],
  ])('for a body that is %s', async (_why, body, headers, code) => {
    expect((await problemOf('/things', makeThingWith(body, headers))).code).toBe(code);
  });

  test('for a body that turns out too large comes at once', async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(500)) }, { highWaterMark: 0 });
    const problem = await problemOf('/things', { ...makeThingWith(endless), duplex: 'half' });
    expect(problem.code).toBe('payload_too_large');
  });

  test('for a body that breaks off is not waited for', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST /things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer customer\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    await new Promise((resolve) => socket.once('connect', resolve));
    logged.length = 0;
    socket.end();
    await vi.waitUntil(() => logged.some((line) => line.includes('"/things"')));
    expect(logged.join()).not.toContain('request failed');
  });

  test('for another method names those that work', async () => {
    const problem = await problemOf('/things', { method: 'PUT' });
    expect([problem.code, problem.headers.get('allow')]).toEqual(['method_not_allowed', 'GET, HEAD, POST']);
    expect((await problemOf('/things/popular', { method: 'PATCH' })).headers.get('allow')).toBe('GET, HEAD');
    expect((await problemOf('/things', { method: 'OPTIONS' })).code).toBe('method_not_allowed');
  });

  test.each(['/nothing', '/things/', '/THINGS', '/things/1/2/3', '/'])('for the path %s is route_not_found', async (path) => {
    expect((await problemOf(path)).code).toBe('route_not_found');
  });

  test('for a path that cannot be decoded', async () => {
    expect((await problemOf('/things/%zz', { headers: asCustomer })).code).toBe('malformed_request');
  });

  test('for a path that is too long', async () => {
    expect((await problemOf(`/things?limit=${'1'.repeat(5_000)}`)).code).toBe('uri_too_long');
  });
});

describe('a fault', () => {
  test('of our own says nothing to the client and is logged with its cause', async () => {
    logged.length = 0;
    const problem = await problemOf('/fail/unexpected');
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toMatch(/SELECT|TypeError|at /);
    expect(logged.join()).toContain('SELECT secret FROM users failed');
  });

  test('of the database is 503 with Retry-After, and does not name the host', async () => {
    const problem = await problemOf('/fail/database');
    expect([problem.status, problem.code, problem.headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
    expect(JSON.stringify(problem)).not.toContain('10.0.0.1');
  });

  test('keeps the headers of its problem', async () => {
    const problem = await problemOf('/fail/unavailable');
    expect([problem.detail, problem.headers.get('retry-after'), problem.headers.get('cache-control')]).toEqual(['not now', '7', 'no-store']);
  });

  test('after the answer began cuts the connection', async () => {
    const response = await fetch(`${origin}/fail/half`);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });
});
