import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { request } from 'undici';
import { startGateway } from '../testing/start-gateway.ts';
import { startUpstream } from '../testing/start-upstream.ts';

async function finish(answer: ReturnType<typeof request>): Promise<void> {
  await (await answer).body.dump();
}

describe('connections to a service', () => {
  it('are kept alive: many requests in a row take turns at two, also HEAD and POST', async () => {
    const upstream = await startUpstream((incoming, response) => incoming.resume().on('end', () => response.end('{}')));
    const gateway = await startGateway({ orders: upstream });
    for (let i = 0; i < 10; i += 1) {
      await finish(request(`${gateway.origin}/api/v1/menu`));
      await finish(request(`${gateway.origin}/api/v1/menu`, { method: 'HEAD' }));
      await finish(request(`${gateway.origin}/api/v1/orders`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }));
    }
    expect(upstream.requests).toHaveLength(30);
    expect(upstream.connections).toHaveLength(2);
  });

  it('are opened anew now and then, so that replicas that come later get their share', async () => {
    const upstream = await startUpstream((_request, response) => response.end('{}'));
    const gateway = await startGateway({ orders: upstream });
    for (let i = 0; i < 250; i += 1) await finish(request(`${gateway.origin}/api/v1/menu`));
    expect(upstream.connections).toHaveLength(4);
  });

  it('are one more than requests at once, and no more the second time', async () => {
    const waiting: ServerResponse[] = [];
    const upstream = await startUpstream((_request, response) => {
      // Answered together: they are under way at once however slow the machine is.
      if (waiting.push(response) === 8) for (const each of waiting.splice(0)) each.end('{}');
    });
    const gateway = await startGateway({ orders: upstream });
    const burst = async (): Promise<void> => {
      await Promise.all(Array.from({ length: 8 }, () => finish(request(`${gateway.origin}/api/v1/menu`))));
    };
    await burst();
    await burst();
    expect(upstream.requests).toHaveLength(16);
    expect(upstream.connections).toHaveLength(9);
  });
});

describe('headers through the gateway', () => {
  it('lose what belongs to one hop, in both directions, and carry the id of the request', async () => {
    const upstream = await startUpstream((_request, response) =>
      response.writeHead(200, { 'X-Hop': '1', Connection: 'keep-alive', 'Proxy-Authenticate': 'Basic', 'Set-Cookie': ['a=1', 'b=2'], ETag: '"7"' }).end('{}'),
    );
    const gateway = await startGateway({ orders: upstream });
    const headers = { 'x-request-id': 'given-1', 'x-user-id': 'root', 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6', te: 'trailers', authorization: 'Bearer t' };
    const answer = await request(`${gateway.origin}/api/v1/menu`, { headers });
    const seen = upstream.requests[0]?.headers ?? {};
    expect(seen).toMatchObject({ 'x-request-id': 'given-1', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', authorization: 'Bearer t' });
    expect(seen['x-forwarded-host']).toBe(new URL(gateway.origin).host);
    expect(seen.host).toBe(new URL(upstream.origin).host);
    for (const name of ['x-user-id', 'forwarded', 'te']) expect(seen).not.toHaveProperty(name);
    expect(answer.headers).toMatchObject({ 'x-request-id': 'given-1', etag: '"7"', 'set-cookie': ['a=1', 'b=2'], 'content-security-policy': "default-src 'none';frame-ancestors 'none'" });
    expect(answer.headers).not.toHaveProperty('proxy-authenticate');
  });
});
