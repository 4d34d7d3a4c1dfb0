import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Answers as an ingress with both brews behind it, as Mailpit and as Jaeger do, as far as one order needs. */
export interface FakeIngress {
  port: number;
  /** Hosts that were asked for an order. */
  hosts: readonly string[];
  close(): Promise<void>;
}

export interface FakeIngressOptions {
  /** Says whether an order is turned away with 502. */
  fails?: (number: number) => boolean;
}

const NOW = '2026-01-01T00:00:00.000Z';
const ITEM = { id: '019aaf00-0000-7000-8000-000000000001', name: 'Espresso', station: 'espresso', priceCents: 250, available: true, stock: 100, version: 1 };

export async function startFakeIngress({ fails = () => false }: FakeIngressOptions = {}): Promise<FakeIngress> {
  const hosts: string[] = [];
  const placed: string[] = [];
  let tried = 0;
  const routes: Readonly<Record<string, (request: IncomingMessage) => Promise<[status: number, body: unknown]> | [status: number, body: unknown]>> = {
    'POST /api/v1/auth/register': async (request) => {
      const { email, name } = (await json(request)) as { email: string; name: string };
      return [201, { user: { id: randomId(), email, name, role: 'customer' } }];
    },
    'POST /api/v1/auth/login': () => [200, { accessToken: 'a', refreshToken: 'r', tokenType: 'Bearer', expiresIn: 900 }],
    'GET /api/v1/menu': () => [200, { items: [ITEM, { ...ITEM, id: '019aaf00-0000-7000-8000-000000000002', name: 'Latte' }] }],
    'POST /api/v1/orders': (request) => {
      tried += 1;
      if (fails(tried)) return [502, '<html>Bad Gateway</html>'];
      hosts.push(request.headers.host ?? '');
      placed.push(randomId());
      return [201, { id: placed.at(-1), customerId: randomId(), status: 'ready', items: [{ menuItemId: ITEM.id, name: ITEM.name, quantity: 1, unitPriceCents: 250 }], totalCents: 250, placedAt: NOW, updatedAt: NOW, version: 3 }];
    },
    'GET /api/v1/notifications': () => [200, { items: placed.map((orderId) => ({ id: randomId(), type: 'order.ready', orderId, title: 'Ready', text: 'Your coffee is ready.', createdAt: NOW })) }],
    'GET /api/v1/search': () => [200, { messages_count: 1 }],
    'GET /api/services': () => [200, { data: ['orders'] }],
    'GET /api/traces': () => [200, { data: [traceWith(['place order', 'send email', 'process notifications.inapp'])] }],
  };
  const server = createServer((request, response) => {
    const route = routes[`${request.method ?? ''} ${new URL(request.url ?? '', 'http://any').pathname}`];
    void Promise.resolve(route?.(request) ?? ([404, {}] as [number, unknown])).then(([status, body]) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/json', etag: '"1"' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port,
    hosts,
    close: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
}

function traceWith(operations: readonly string[]): object {
  const spans = operations.map((operationName, index) => ({ traceID: 'aa', spanID: `${index}`, operationName, references: [], startTime: 1_000 + index, duration: 10, tags: [], logs: [], processID: 'p1', warnings: null }));
  return { traceID: 'aa', spans, processes: { p1: { serviceName: 'orders', tags: [] } }, warnings: null };
}

/** Version 7 in form. */
function randomId(): string {
  const id = randomUUID();
  return `${id.slice(0, 14)}7${id.slice(15)}`;
}
