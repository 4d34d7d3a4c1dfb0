import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import type { MessagingDeps } from './messaging-deps.ts';
import { createEventLog } from './create-event-log.ts';
import { createTaskQueue } from './create-task-queue.ts';

const deps = (): MessagingDeps => ({ logger: pino({ level: 'silent' }), metrics: new Registry() });

/** A server for TLS that has no certificate, for nobody is to get further than to name it. */
async function startServer(): Promise<{ port: number; named: Promise<string> }> {
  let name: (servername: string) => void;
  const named = new Promise<string>((resolve) => { name = resolve; });
  const server = createServer({
    SNICallback: (servername, done) => {
      name(servername);
      done(new Error('named'));
    },
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => { server.listen(0, 'localhost', resolve); });
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, named };
}

test('when an event log is at kafka+ssl, then it speaks TLS and says by which name', async () => {
  const { port, named } = await startServer();
  const log = await createEventLog(`kafka+ssl://shop:secret@localhost:${port}?sasl_mechanism=PLAIN`, deps());
  onTestFinished(() => log.close());
  await expect(log.ready()).rejects.toThrow();
  expect(await named).toBe('localhost');
});

test('when a task queue is at amqps, then it speaks TLS and says by which name', async () => {
  const { port, named } = await startServer();
  const queue = await createTaskQueue(`amqps://shop:secret@localhost:${port}/shop`, deps());
  onTestFinished(() => queue.close());
  expect(await named).toBe('localhost');
  await expect(queue.ready()).rejects.toThrow('not connected to RabbitMQ');
});
