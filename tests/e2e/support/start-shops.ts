import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../../lab/src/backends/postgres.ts';
import { readEnvironment } from '../../../lab/src/environment.ts';
import { parseTopology, topologySlug, type Topology } from '../../../lab/src/topology/parse-topology.ts';
import { databasesOf } from '../../../lab/src/topology/process-settings.ts';
import type { Shop } from '../../../lab/src/topology/shop.ts';
import { startShop } from '../../../lab/src/topology/start-shop.ts';
import { BREW_CONCURRENCY, TOPOLOGIES } from './topologies.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Origin that starts shops and tells what their mail and trace receivers got. */
    e2eControl: string;
    /** Property-based requests for each topology. */
    e2ePropertyRequests: number;
  }
}

const SHOP_SETTINGS = { RATE_LIMIT_PER_SECOND: '0', BREW_TIME_SCALE: '0.1', BREW_CONCURRENCY: String(BREW_CONCURRENCY), LOG_LEVEL: 'warn' };
const DEFAULT_PROPERTY_REQUESTS = 20_000;

let stop: (() => Promise<void>) | undefined;

/** Each topology is started once for a run, when a test first asks for it; all share one PostgreSQL server. Test files reach them by a control origin. */
export async function setup(project: TestProject): Promise<void> {
  const topologies = TOPOLOGIES.map(parseTopology);
  const server = await startPostgres({ databases: topologies.flatMap((topology) => databasesOf(topology, prefixOf(topology))) });
  const shops = new Map<string, Promise<Shop>>();
  const shopOf = (name: string): Promise<Shop> => {
    const running = shops.get(name);
    if (running !== undefined) return running;
    const topology = parseTopology(name);
    const starting = startShop({ topology, env: SHOP_SETTINGS, postgres: { server, prefix: prefixOf(topology) } });
    shops.set(name, starting);
    return starting;
  };
  const control = await startControl(shopOf);
  project.provide('e2eControl', control.origin);
  project.provide('e2ePropertyRequests', Number(readEnvironment()['E2E_PROPERTY_REQUESTS'] ?? DEFAULT_PROPERTY_REQUESTS));
  stop = async () => {
    await control.close();
    const ends = await Promise.allSettled([...shops.values()].map(async (starting) => (await starting).stop()));
    await server.stop();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
}

export async function teardown(): Promise<void> {
  await stop?.();
}

function prefixOf(topology: Topology): string {
  return `${topologySlug(topology)}_`;
}

/** `GET /shop`, `/mails?to=`, `/refuse?to=`, `/accept?to=`, `/spans?order=` and `/spans?trace=`, each with `?topology=`. */
async function startControl(shopOf: (topology: string) => Promise<Shop>): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(request, shopOf).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, shopOf: (topology: string) => Promise<Shop>): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  const shop = await shopOf(searchParams.get('topology') ?? '');
  const to = searchParams.get('to') ?? '';
  if (pathname === '/mails') return shop.mail.to(to);
  if (pathname === '/refuse') shop.mail.refuse(to);
  if (pathname === '/accept') shop.mail.accept(to);
  const order = searchParams.get('order');
  if (pathname === '/spans') return order === null ? shop.traces.trace(searchParams.get('trace') ?? '') : shop.traces.traceOfOrder(order);
  const { baseUrl, staff, processes } = shop;
  return { baseUrl, staff, processes: processes.map(({ name, modules, opsOrigin, unexpectedEnds }) => ({ name, modules, opsOrigin, unexpectedEnds })) };
}
