import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createBoundedWriter, MAX_UNSENT_BYTES } from './bounded-writer.ts';

/** A client that asked, over a real socket, and the answer that was not begun yet. */
async function request(): Promise<{ response: ServerResponse; client: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  client.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  return { response, client };
}

test('a client that does not read is disconnected once more than the bound waits for it', async () => {
  const { response, client } = await request();
  client.pause();
  let slow = 0;
  const writer = createBoundedWriter(response, { onSlowClient: () => (slow += 1) });
  writer.begin({});
  const chunk = 'x'.repeat(64 * 1024);
  let written = 0;
  let most = 0;
  for (; !writer.isGone() && written < 1_000; written += 1) {
    writer.write(chunk);
    most = Math.max(most, response.writableLength);
    await new Promise(setImmediate);
  }
  expect(writer.isGone()).toBe(true);
  expect(slow).toBe(1);
  expect(most).toBeLessThanOrEqual(MAX_UNSENT_BYTES + 2 * chunk.length);
  writer.write('nothing');
  expect(slow).toBe(1);
});

test('a client that reads gets everything, and the end', async () => {
  const { response, client } = await request();
  let slow = 0;
  let read = 0;
  client.on('data', (chunk: Buffer) => (read += chunk.length));
  const writer = createBoundedWriter(response, { onSlowClient: () => (slow += 1) });
  writer.begin({ 'Content-Type': 'text/plain' });
  const chunk = 'x'.repeat(100_000);
  for (let written = 0; written < 100; written += 1) {
    writer.write(chunk);
    await writer.drained();
  }
  writer.end();
  await once(response, 'finish');
  await expect.poll(() => read).toBeGreaterThan(100 * chunk.length);
  expect(slow).toBe(0);
});

test('a client that does not take what it is waited for is disconnected', async () => {
  const { response, client } = await request();
  client.pause();
  let slow = 0;
  const writer = createBoundedWriter(response, { onSlowClient: () => (slow += 1), drainTimeoutMs: 100 });
  writer.begin({});
  for (let written = 0; !writer.isGone() && written < 1_000; written += 1) {
    writer.write('x'.repeat(64 * 1024));
    await writer.drained();
  }
  expect([writer.isGone(), slow]).toEqual([true, 1]);
});
