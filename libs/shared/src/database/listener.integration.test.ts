import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { createListener, type Listener } from './listener.ts';

/** AuthenticationOk and ReadyForQuery of PostgreSQL's protocol. */
const GREETING = Buffer.from('520000000800000000' + '5a0000000549', 'hex');
/** CommandComplete with an empty tag and ReadyForQuery. */
const COMPLETE = Buffer.from('430000000500' + '5a0000000549', 'hex');

let server: Server | undefined;
let listener: Listener | undefined;
const sockets = new Set<Socket>();

afterEach(async () => {
  await listener?.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => { if (server === undefined) resolve(undefined); else server.close(resolve); });
});

/** A server that lets everybody in, answers the first statements, and then swallows what it is sent. */
async function startBlackHole({ answered }: { answered: number }): Promise<{ url: string; greeted: () => number }> {
  let greeted = 0;
  let left = answered;
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      greeted += 1;
      socket.write(GREETING);
      socket.on('data', () => { if (left-- > 0) socket.write(COMPLETE); });
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://u:p@127.0.0.1:${port}/d`, greeted: () => greeted };
}

function open(url: string): Listener {
  return (listener = createListener({ url, applicationName: 'listener-test', logger: pino({ level: 'silent' }) }));
}

test('when the server never answers LISTEN, listening and closing end all the same', { timeout: 15_000 }, async () => {
  const { url } = await startBlackHole({ answered: 0 });
  const opened = open(url);
  await opened.listen('first', () => undefined);
  expect(opened.connected()).toBe(false);
  await opened.close();
});

test('when the server stops answering, another channel does not wait for it and the connection is made anew', { timeout: 15_000 }, async () => {
  const { url, greeted } = await startBlackHole({ answered: 1 });
  const opened = open(url);
  await opened.listen('first', () => undefined);
  expect(opened.connected()).toBe(true);
  await opened.listen('second', () => undefined);
  expect(opened.connected()).toBe(false);
  await expect.poll(greeted, { timeout: 5_000 }).toBeGreaterThan(1);
});
