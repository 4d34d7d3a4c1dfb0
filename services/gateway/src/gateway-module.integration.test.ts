import { OPERATIONS } from '@doubleshot/contracts';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { request } from 'undici';
import { parseSettings } from '@doubleshot/shared/config';
import { createGatewayModule } from './gateway-module.ts';
import { createOpenApiDocument } from './openapi/openapi-document.ts';
import { NOBODY, startGateway } from './testing/start-gateway.ts';
import { GATEWAY_SETTINGS } from './settings.ts';
import { startUpstream } from './testing/start-upstream.ts';

describe('routes of the gateway', () => {
  it('lead each operation to the service of its module, with its query', async () => {
    const services = {
      auth: await startUpstream((incoming, response) => incoming.resume().on('end', () => response.end('auth'))),
      orders: await startUpstream((incoming, response) => incoming.resume().on('end', () => response.end('orders'))),
      notifications: await startUpstream((incoming, response) => incoming.resume().on('end', () => response.end('notifications'))),
    };
    const gateway = await startGateway(services);
    for (const { id, path, method, module } of OPERATIONS) {
      const url = `${gateway.origin}${path.replace(':id', 'some-id')}?a=1&b=%2F`;
      const answer = await request(url, { method: method.toUpperCase() });
      expect(await answer.body.text(), id).toBe(module);
      expect(services[module as 'auth'].requests.at(-1)?.url, id).toBe(`${path.replace(':id', 'some-id')}?a=1&b=%2F`);
    }
  });

  it.each(['/', '/api/v1/nothing', '/api/v1/menu/', '/api/v2/menu', '/metrics', '/livez'])('answer 404 for %s themselves', async (path) => {
    const gateway = await startGateway({});
    const answer = await request(`${gateway.origin}${path}`);
    expect(answer.statusCode).toBe(404);
    expect(await answer.body.json()).toMatchObject({ code: 'route_not_found' });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    ['DELETE', '/api/v1/menu', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/orders', 'POST, GET, HEAD'],
    ['POST', '/api/v1/menu/popular', 'GET, HEAD'],
    ['GET', '/api/v1/auth/login', 'POST'],
    ['POST', '/api/openapi.json', 'GET, HEAD'],
  ] as const)('answer 405 with Allow for %s %s themselves', async (method, path, allow) => {
    const gateway = await startGateway({});
    const answer = await request(`${gateway.origin}${path}`, { method });
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, allow]);
    expect(await answer.body.json()).toMatchObject({ code: 'method_not_allowed' });
  });
});

describe('the API document', () => {
  it('is served with a validator, and 304 to who has it', async () => {
    const gateway = await startGateway({});
    const first = await request(`${gateway.origin}/api/openapi.json`);
    expect(await first.body.json()).toEqual(JSON.parse(JSON.stringify(createOpenApiDocument())));
    expect(first.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=300' });
    const again = await request(`${gateway.origin}/api/openapi.json`, { headers: { 'if-none-match': String(first.headers['etag']) } });
    expect([again.statusCode, (await again.body.text()).length]).toEqual([304, 0]);
    const head = await request(`${gateway.origin}/api/openapi.json`, { method: 'HEAD' });
    expect([head.statusCode, head.headers['content-length'], await head.body.text()]).toEqual([200, first.headers['content-length'], '']);
  });

  it('has a page whose every part comes from this server', async () => {
    const gateway = await startGateway({});
    const page = await request(`${gateway.origin}/api/docs`);
    const html = await page.body.text();
    expect(html).not.toMatch(/https?:/);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    const parts = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(parts).toEqual(['/api/docs/swagger-ui.css', '/api/openapi.json', '/api/docs/swagger-ui-bundle.js', '/api/docs/page.js']);
    for (const part of parts) {
      const answer = await request(`${gateway.origin}${part}`);
      expect([part, answer.statusCode]).toEqual([part, 200]);
      expect((await answer.body.text()).length).toBeGreaterThan(50);
    }
  });
});

describe('readiness of the gateway', () => {
  it('does not depend on the services behind', async () => {
    const module = createGatewayModule({ settings: parseSettings(GATEWAY_SETTINGS, {}), metrics: new Registry(), upstreams: { auth: NOBODY, orders: NOBODY, notifications: NOBODY } });
    await expect(module.ready()).resolves.toBeUndefined();
    await module.close();
    await module.close();
  });
});
