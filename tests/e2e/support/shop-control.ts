import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readLog } from '../../../lab/src/containers/read-log.ts';
import type { RunningShop } from '../../../lab/src/topology/shop.ts';
import type { SeenAnswers } from './declared-answers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Origin that tells where the shops are and what their mail and trace receivers got. */
    e2eControl: string;
  }
}

export interface ShopControl {
  origin: string;
  close(): Promise<void>;
}

/** `GET /shop`, `/mails?to=`, `/refuse?to=`, `/accept?to=`, `/logs`, `/spans?order=`, `/spans?trace=` and `/seen?answers=`, each with `?topology=`. */
export async function startControl(shopOf: (topology: string) => Promise<RunningShop>, seen?: SeenAnswers): Promise<ShopControl> {
  const server = createServer((request, response) => {
    answer(request, shopOf, seen).then(
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

async function answer(request: IncomingMessage, shopOf: (topology: string) => Promise<RunningShop>, seen?: SeenAnswers): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  const topology = searchParams.get('topology') ?? '';
  if (pathname === '/seen') seen?.add(topology, (searchParams.get('answers') ?? '').split(','));
  const shop = await shopOf(topology);
  const to = searchParams.get('to') ?? '';
  if (pathname === '/mails') return shop.mail.to(to);
  if (pathname === '/refuse') shop.mail.refuse(to);
  if (pathname === '/accept') shop.mail.accept(to);
  if (pathname === '/logs') return Object.fromEntries(await Promise.all(shop.processes.map(async (process) => [process.name, await readLog(process)] as const)));
  const order = searchParams.get('order');
  if (pathname === '/spans') return order === null ? shop.traces.trace(searchParams.get('trace') ?? '') : shop.traces.traceOfOrder(order);
  const { baseUrl, staff, processes } = shop;
  return { baseUrl, staff, processes: processes.map(({ name, modules, opsOrigin, unexpectedEnds }) => ({ name, modules, opsOrigin, unexpectedEnds })) };
}
