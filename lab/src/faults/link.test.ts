import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openLink, type Link } from './link.ts';

/** A link to a server that sends back what it gets. */
async function linkToEcho(): Promise<Link> {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const link = await openLink('test → echo', () => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }));
  onTestFinished(async () => {
    await link.close();
    await new Promise((resolve) => { server.close(resolve); });
  });
  return link;
}

function dial(link: Link): Socket {
  const socket = connect(link.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  return socket.on('error', () => undefined);
}

async function answerTo(socket: Socket, text: string): Promise<string> {
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(text);
  while (answer.length < text.length) await once(socket, 'data');
  return answer;
}

test.each(['open', 'slow', 'sliced'] as const)('what passes a link that is %s arrives whole', async (state) => {
  const link = await linkToEcho();
  link.set(state);
  const text = 'latte '.repeat(500);
  expect(await answerTo(dial(link), text)).toBe(text);
});

test('what is sent over a silent link arrives once it is open again', async () => {
  const link = await linkToEcho();
  const socket = dial(link);
  await answerTo(socket, 'hello');
  link.set('silent');
  const answer = answerTo(socket, 'anybody?');
  expect(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'nothing'))])).toBe('nothing');
  link.set('open');
  expect(await answer).toBe('anybody?');
});

test('a half-open link takes a connection and never answers; those it had go on', async () => {
  const link = await linkToEcho();
  const old = dial(link);
  await answerTo(old, 'hello');
  link.set('half-open');
  const young = dial(link);
  await once(young, 'connect');
  young.write('anybody?');
  expect(await Promise.race([once(young, 'data'), new Promise((resolve) => setTimeout(resolve, 100, 'nothing'))])).toBe('nothing');
  expect(await answerTo(old, 'still?')).toBe('still?');
});

test('a link that resets ends the connections it has', async () => {
  const link = await linkToEcho();
  const socket = dial(link);
  await answerTo(socket, 'hello');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  link.set('reset');
  await closed;
});
