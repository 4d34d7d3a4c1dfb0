import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { MONOLITH_SPANS } from '../../trace/sample-spans.ts';
import { traceOrders, type TraceableBrew } from './trace-orders.ts';

const AT = '2026-11-29T03:04:05.000Z';
const ids = { monolith: '019aaf00-0000-7000-8000-000000000001', microservices: '019aaf00-0000-7000-8000-000000000002' };

/** A brew that takes every order and tells in which brew it was placed and whether it is to be recorded. */
async function brewOf(name: keyof typeof ids, log: string[], spansOfOrder: TraceableBrew['spansOfOrder']): Promise<TraceableBrew> {
  const server = createServer((request, response) => {
    log.push(`${name} ${String(request.headers['traceparent']).slice(-2)}`);
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ id: ids[name], customerId: ids.monolith, status: 'placed', items: [], totalCents: 0, placedAt: AT, updatedAt: AT, version: 1 }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => { server.close(); });
  await new Promise((resolve) => server.once('listening', resolve));
  const customer = { id: ids.monolith, email: '', password: '', orderPath: '', token: 'token' };
  return { name, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, prepared: { menuItemIds: [ids.monolith], customers: () => Promise.resolve([customer]) }, spansOfOrder };
}

test('when orders are traced, then one is placed in each brew in turn, recorded, and a brew whose spans do not come is named', async () => {
  const log: string[] = [];
  const brews = [await brewOf('monolith', log, (orderId) => (orderId === ids.monolith ? MONOLITH_SPANS : [])), await brewOf('microservices', log, () => [])];
  const { orders, missing } = await traceOrders(brews, { settledMs: 1, timeoutMs: 10 });
  expect(log).toEqual(['monolith 01', 'microservices 01']);
  expect(orders.map(({ topology, orderId, spans }) => [topology, orderId, spans.length])).toEqual([['monolith', ids.monolith, MONOLITH_SPANS.length]]);
  expect(missing).toEqual([expect.stringMatching(/^microservices: no span of its order came to the lab's receiver within 0\.01 s/)]);
});
