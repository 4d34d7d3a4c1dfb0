import { Order, OPERATIONS, placeOrder, Problem } from '@doubleshot/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { newCustomer, problemOf } from './support/customer.ts';
import { describeEachTopology } from './support/shop.ts';

const Content = z.object({ content: z.record(z.string(), z.object({ example: z.unknown().optional() })).optional() });
const Document = z.object({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), responses: z.record(z.string(), Content), requestBody: Content.optional(), security: z.array(z.unknown()) })),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

describeEachTopology('documents', (shop) => {
  test('the OpenAPI document tells exactly the operations of the contracts', async () => {
    const document = Document.parse((await shop.request('/api/openapi.json')).body);
    expect(document.openapi).toMatch(/^3\.1\./);
    const told = Object.entries(document.paths).flatMap(
      ([path, methods]) => Object.entries(methods).map(([method, { operationId, security }]) => ({ path, method, operationId, open: security.length === 0 })),
    );
    const declared = OPERATIONS.map(({ path, method, id, access }) => ({
      path: path.replace(/:(\w+)/g, '{$1}'),
      method,
      operationId: id,
      open: access === 'public',
    }));
    const byId = (one: { operationId: string }, other: { operationId: string }): number => one.operationId.localeCompare(other.operationId);
    expect(told.sort(byId)).toEqual(declared.sort(byId));
    for (const operation of OPERATIONS) {
      const { responses } = document.paths[operation.path.replace(/:(\w+)/g, '{$1}')]?.[operation.method] ?? { responses: {} };
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(Object.keys(operation.responses)));
    }
    expect(document.components.schemas).toHaveProperty('Problem');
  });

  test('its example of an order can be sent as it is, and orders what its example of the answer says', async () => {
    const document = Document.parse((await shop.request('/api/openapi.json')).body);
    const { requestBody, responses } = document.paths[placeOrder.path]?.[placeOrder.method] ?? {};
    const exampleOf = (part?: z.infer<typeof Content>): unknown => part?.content?.['application/json']?.example;
    const customer = await newCustomer(shop);
    const answer = await customer.request(placeOrder.path, { method: 'POST', headers: { 'idempotency-key': 'an-example' }, body: exampleOf(requestBody) });
    expect(answer.status).toBe(201);
    const { items, totalCents } = Order.parse(exampleOf(responses?.['201']));
    expect(answer.body).toMatchObject({ items, totalCents });
  });

  test('the page that shows it loads nothing from elsewhere', async () => {
    const page = await shop.request('/api/docs');
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '').filter((url) => !url.startsWith('data:'));
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      expect(link).toMatch(/^\//);
      expect((await shop.request(link)).status).toBe(200);
    }
  });

  test('the type of a problem leads to a page about it', async () => {
    const { type, title } = Problem.parse((await shop.request('/api/v1/auth/me')).body);
    const page = await shop.request(type);
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect(page.text).toContain(title);
    expect(problemOf(await shop.request('/problems/no-such-problem'))).toEqual([404, 'route_not_found']);
  });

  test('documents have validators', async () => {
    const { headers } = await shop.request('/api/openapi.json');
    expect((await shop.request('/api/openapi.json', { headers: { 'if-none-match': String(headers['etag']) } })).status).toBe(304);
  });
});
