import { describe, expect, it } from 'vitest';
import { request, type Dispatcher } from 'undici';
import { startGateway } from '../testing/start-gateway.ts';
import { startUpstream } from '../testing/start-upstream.ts';

const WINDOW_SECONDS = 10;

async function startLimited(environment: Record<string, string>): Promise<(path: string, headers?: Record<string, string>, method?: Dispatcher.HttpMethod) => Promise<Dispatcher.ResponseData>> {
  const upstream = await startUpstream((incoming, response) => incoming.resume().on('end', () => response.end('{}')));
  const gateway = await startGateway({ auth: upstream, orders: upstream, notifications: upstream }, environment);
  return async (path, headers = {}, method = 'GET') => {
    const answer = await request(`${gateway.origin}${path}`, { headers, method });
    await answer.body.dump();
    return answer;
  };
}

async function statuses(times: number, call: () => Promise<Dispatcher.ResponseData>): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < times; i += 1) found.push((await call()).statusCode);
  return found;
}

describe('rate limits', () => {
  it('let a burst of ten seconds through, then answer 429 and say when to come again', async () => {
    const call = await startLimited({ RATE_LIMIT_PER_SECOND: '1' });
    expect(await statuses(WINDOW_SECONDS, () => call('/api/v1/menu'))).toEqual(Array(WINDOW_SECONDS).fill(200));
    const refused = await call('/api/v1/menu');
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(WINDOW_SECONDS);
    expect(refused.headers['ratelimit-policy']).toBe('"client";q=10;w=10');
    expect(refused.headers['ratelimit']).toMatch(/^"client";r=0;t=\d+$/);
  });

  it.each([
    ['paths that do not exist', '/api/v1/nothing', 'GET', 404],
    ['methods that a path does not have', '/api/v1/menu', 'DELETE', 405],
  ] as const)('count %s like any other request', async (_what, path, method, status) => {
    const call = await startLimited({ RATE_LIMIT_PER_SECOND: '1' });
    expect(await statuses(WINDOW_SECONDS, () => call(path, {}, method))).toEqual(Array(WINDOW_SECONDS).fill(status));
    expect((await call(path, {}, method)).statusCode).toBe(429);
    expect((await call('/api/v1/menu')).statusCode).toBe(429);
  });

  it('tell what is left on every answer', async () => {
    const call = await startLimited({ RATE_LIMIT_PER_SECOND: '1' });
    expect((await call('/api/v1/menu')).headers['ratelimit']).toBe('"client";r=9;t=10');
  });

  it('count each token by itself', async () => {
    const call = await startLimited({ RATE_LIMIT_PER_SECOND: '1' });
    await statuses(WINDOW_SECONDS, () => call('/api/v1/orders', { authorization: 'Bearer ada' }));
    expect((await call('/api/v1/orders', { authorization: 'Bearer ada' })).statusCode).toBe(429);
    expect((await call('/api/v1/orders', { authorization: 'Bearer bob' })).statusCode).toBe(200);
  });

  it('cannot be escaped by a new token for each request', async () => {
    const call = await startLimited({ RATE_LIMIT_PER_SECOND: '1' });
    let number = 0;
    const found = await statuses(WINDOW_SECONDS * 20 + 1, () => call('/api/v1/orders', { authorization: `Bearer ${(number += 1)}` }));
    expect(found.at(-1)).toBe(429);
    expect(found.slice(0, -1).every((status) => status === 200)).toBe(true);
  });

  it('are stricter for log-in and registration together, and leave other requests alone', async () => {
    const call = await startLimited({ RATE_LIMIT_PER_SECOND: '100', LOGIN_RATE_LIMIT_PER_MINUTE: '3' });
    expect((await call('/api/v1/auth/register', {}, 'POST')).statusCode).toBe(200);
    expect(await statuses(3, () => call('/api/v1/auth/login', {}, 'POST'))).toEqual([200, 200, 429]);
    expect((await call('/api/v1/auth/refresh', {}, 'POST')).statusCode).toBe(200);
  });

  it('count by the address a trusted proxy saw', async () => {
    const call = await startLimited({ RATE_LIMIT_PER_SECOND: '1', TRUSTED_PROXY_HOPS: '1' });
    await statuses(WINDOW_SECONDS, () => call('/api/v1/menu', { 'x-forwarded-for': '203.0.113.1' }));
    expect((await call('/api/v1/menu', { 'x-forwarded-for': '203.0.113.1' })).statusCode).toBe(429);
    expect((await call('/api/v1/menu', { 'x-forwarded-for': '203.0.113.2' })).statusCode).toBe(200);
  });

  it('count the addresses of one IPv6 network together: whoever has one has all', async () => {
    const call = await startLimited({ RATE_LIMIT_PER_SECOND: '1', TRUSTED_PROXY_HOPS: '1' });
    await statuses(WINDOW_SECONDS, () => call('/api/v1/menu', { 'x-forwarded-for': '2001:db8:1:2::1' }));
    expect((await call('/api/v1/menu', { 'x-forwarded-for': '2001:db8:1:2:9::7' })).statusCode).toBe(429);
    expect((await call('/api/v1/menu', { 'x-forwarded-for': '2001:db8:1:3::1' })).statusCode).toBe(200);
  });

  it('are all off with 0, that for log-in too', async () => {
    const call = await startLimited({ RATE_LIMIT_PER_SECOND: '0', LOGIN_RATE_LIMIT_PER_MINUTE: '1' });
    expect(await statuses(5, () => call('/api/v1/auth/login', {}, 'POST'))).toEqual([200, 200, 200, 200, 200]);
    expect((await call('/api/v1/menu')).headers).not.toHaveProperty('ratelimit');
  });
});
