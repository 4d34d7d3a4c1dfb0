import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningShop } from '../topology/shop.ts';

export interface ControlServer {
  url: string;
  close(): void;
}

export interface ControlServerOptions {
  token: string;
  shops: () => readonly RunningShop[];
  /** Stops everything. The answer goes out when that is done. */
  stop: () => Promise<void>;
}

/** The supervisor's ear: a loopback port that takes the token of `up.json` and nothing else. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const server = createServer((request, response) => {
    void answer(request, options).then(
      ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => { server.close(); } };
}

async function answer(request: IncomingMessage, { token, shops, stop }: ControlServerOptions): Promise<{ status: number; body: unknown }> {
  if (!sameText(request.headers.authorization ?? '', `Bearer ${token}`)) return { status: 401, body: {} };
  const [, route, argument = ''] = (request.url ?? '').split('/').map((part) => decodeURIComponent(part));
  if (request.method === 'POST' && route === 'stop') {
    await stop();
    return { status: 200, body: {} };
  }
  if (request.method !== 'GET') return { status: 404, body: {} };
  if (route === '') return { status: 200, body: {} };
  if (route === 'trace') return { status: 200, body: { trace: traceOf(argument, shops()) } };
  if (route === 'mails') return { status: 200, body: { mails: shops().reduce((sum, shop) => sum + shop.mail.to(argument).length, 0) } };
  return { status: 404, body: {} };
}

function traceOf(orderId: string, shops: readonly RunningShop[]): unknown {
  const found = shops.map((shop) => ({ shop: shop.name, spans: shop.traces.traceOfOrder(orderId) })).find(({ spans }) => spans.length > 0);
  return found;
}

function sameText(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
