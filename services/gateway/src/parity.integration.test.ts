import { OPERATIONS, type Operation } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import { createHttpServer, createOperationRouter, etagOf, type BoundOperation, type Reply, type Router } from '@doubleshot/shared/http';
import { createSilentLogger } from '@doubleshot/shared/logging';
import type { TokenVerifier } from '@doubleshot/shared/security';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { request, type Dispatcher } from 'undici';
import { EXAMPLES } from './openapi/examples.ts';
import { startGateway } from './testing/start-gateway.ts';

interface Call {
  method: Dispatcher.HttpMethod;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

const ID = '019aaf00-0000-7000-8000-000000000001';
const TOKEN = { authorization: 'Bearer good' };
const JSON_TYPE = { 'content-type': 'application/json' };

const tokens: TokenVerifier = {
  verify: (authorization) => {
    if (authorization === undefined) return Promise.reject(new ProblemError('token_missing', undefined, { headers: { 'WWW-Authenticate': 'Bearer' } }));
    if (authorization !== 'Bearer good') return Promise.reject(new ProblemError('token_invalid'));
    return Promise.resolve({ userId: ID, role: 'customer', sessionId: ID, expiresAt: new Date(8.64e15) } as Awaited<ReturnType<TokenVerifier['verify']>>);
  },
};

/** Answers like a service does: with what it saw of the request, so that a header that slipped through would show. */
function bind(operation: Operation): BoundOperation {
  const handler = ({ raw }: { raw: { request: { headers: Record<string, unknown> } } }): Promise<Reply> => {
    const { headers } = raw.request;
    if (headers['x-fail'] === 'conflict') return Promise.reject(new ProblemError('out_of_stock', 'Only 2 are left.'));
    if (headers['x-fail'] === 'bug') return Promise.reject(new Error('secret detail'));
    const [status, response] = Object.entries(operation.responses)[0] ?? [];
    const seen = Object.keys(headers).filter((name) => name.startsWith('x-user') || name === 'forwarded');
    const body = response?.body === undefined ? undefined : (EXAMPLES[operation.id]?.response ?? {});
    return Promise.resolve({ status: Number(status), headers: { ETag: etagOf(operation.id), 'X-Seen': seen.join() || 'nothing' }, ...(body !== undefined && { body }) });
  };
  return { operation, handler };
}

function ordersRouter(): Router {
  return createOperationRouter({ operations: OPERATIONS.filter(({ module }) => module === 'orders').map(bind), tokens });
}

async function startBoth(): Promise<{ inProcess: string; proxied: string }> {
  const service = createHttpServer({ routers: [ordersRouter()], logger: createSilentLogger(), metrics: new Registry(), port: 0, host: '127.0.0.1' });
  await service.start();
  onTestFinished(() => service.close(1));
  const inProcess = await startGateway({ orders: { router: ordersRouter() } });
  const proxied = await startGateway({ orders: { origin: `http://127.0.0.1:${service.port}` } });
  return { inProcess: inProcess.origin, proxied: proxied.origin };
}

/** What a client can tell of an answer. Times and ids that differ from request to request are left out. */
async function seenBy(origin: string, { method, path, headers, body }: Call): Promise<object> {
  const answer = await request(origin + path, { method, headers: { 'x-request-id': 'parity', ...headers }, body: body ?? null });
  const { date: _date, 'keep-alive': _keepAlive, ...stable } = answer.headers;
  return { status: answer.statusCode, headers: stable, body: await answer.body.text() };
}

const order = JSON.stringify(EXAMPLES['placeOrder']?.request);
const placing = { ...TOKEN, ...JSON_TYPE, 'idempotency-key': 'k' };

const CALLS: Record<string, Call> = {
  'a read': { method: 'GET', path: '/api/v1/menu' },
  'a read by HEAD': { method: 'HEAD', path: '/api/v1/menu' },
  'a read with a query': { method: 'GET', path: '/api/v1/menu/popular?limit=3' },
  'a bad query': { method: 'GET', path: '/api/v1/menu/popular?limit=many' },
  'a bad id': { method: 'GET', path: '/api/v1/menu/not-an-id' },
  'an escape that cannot be decoded': { method: 'GET', path: '/api/v1/menu/%E0%A4%A' },
  'a read with a body': { method: 'GET', path: `/api/v1/menu/${ID}`, body: '{}', headers: JSON_TYPE },
  'a body': { method: 'POST', path: '/api/v1/orders', body: order, headers: placing },
  'a body that is not JSON': { method: 'POST', path: '/api/v1/orders', body: '{', headers: placing },
  'a body that breaks the rules': { method: 'POST', path: '/api/v1/orders', body: '{"items":[]}', headers: placing },
  'a body of another type': { method: 'POST', path: '/api/v1/orders', body: order, headers: { ...placing, 'content-type': 'text/plain' } },
  'no body where one is needed': { method: 'POST', path: '/api/v1/orders', headers: placing },
  'a body that is too large': { method: 'POST', path: '/api/v1/orders', body: 'x'.repeat(70_000), headers: placing },
  'no token': { method: 'GET', path: '/api/v1/orders' },
  'a bad token': { method: 'GET', path: '/api/v1/orders', headers: { authorization: 'Bearer bad' } },
  'the wrong role': { method: 'PATCH', path: `/api/v1/menu/${ID}`, body: '{}', headers: { ...TOKEN, ...JSON_TYPE } },
  'an expected failure': { method: 'POST', path: '/api/v1/orders', body: order, headers: { ...placing, 'x-fail': 'conflict' } },
  'a bug': { method: 'GET', path: '/api/v1/menu', headers: { 'x-fail': 'bug' } },
  'forged headers': { method: 'GET', path: '/api/v1/menu', headers: { 'x-user-id': 'root', 'X-User-Role': 'staff', forwarded: 'for=1.1.1.1' } },
  'an unknown path': { method: 'GET', path: '/api/v1/coffee' },
  'another method': { method: 'DELETE', path: '/api/v1/orders' },
  'an optional body left out': { method: 'POST', path: `/api/v1/orders/${ID}/cancel`, headers: TOKEN },
};

describe('one request to a module in this process and to one in another', () => {
  it.each(Object.entries(CALLS))('looks the same to a client: %s', async (_name, call) => {
    const { inProcess, proxied } = await startBoth();
    const here = await seenBy(inProcess, call);
    expect(await seenBy(proxied, call)).toEqual(here);
  });

  it('covers successes and failures of every kind', async () => {
    const { inProcess } = await startBoth();
    const found = await Promise.all(Object.values(CALLS).map((call) => seenBy(inProcess, call)));
    const statuses = new Set(found.map((answer) => (answer as { status: number }).status));
    expect([...statuses].sort()).toEqual([200, 201, 400, 401, 403, 404, 405, 409, 413, 415, 500]);
    expect(JSON.stringify(found)).not.toContain('secret detail');
  });
});
