import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import { engine } from '../../../../../tests/setup/engine.ts';
import { createRecorder, message, unique } from '../contract/recorder.ts';
import type { Message } from '../message.ts';
import type { TaskQueue } from '../task-queue.ts';
import { createRabbitMqTaskQueue } from './rabbitmq-task-queue.ts';

/** The longest a consumer that was killed may hold up its tasks. */
const TAKEN_OVER_WITHIN_MS = 10_000;
const MOST_DEATHS = 6;
const PROGRAM = fileURLToPath(new URL('../postgres/fixtures/consumer-process.ts', import.meta.url));
const rabbitmq = engine('rabbitmq');

let tasks: TaskQueue;
let queue: string;
let children: ChildProcess[];

beforeEach(async () => {
  queue = unique('queue');
  children = [];
  tasks = await createRabbitMqTaskQueue(rabbitmq.url, { logger: pino({ level: 'silent' }), metrics: new Registry(), drainDeadlineMs: 500 });
  await tasks.declare({ exchanges: [{ name: 'work', kind: 'direct', key: '' }], queues: [{ name: queue, exchange: 'work', bindingKey: queue, retryDelaysMs: [] }] });
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await tasks.close();
});

const some = (count: number, payload: string): Message[] => Array.from({ length: count }, () => message(queue, payload));
const waiting = async (): Promise<number> => (await tasks.depths()).reduce((sum, { ready, retrying }) => sum + ready + retrying, 0);

function spawnConsumer(): { child: ChildProcess; got: string[] } {
  const child = spawn(process.execPath, [PROGRAM, 'queue', rabbitmq.url, queue], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const got: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => { got.push(line); });
  return { child, got };
}

test('what a consumer held when it was killed comes again within 10 s, what it finished does not', async () => {
  const { child, got } = spawnConsumer();
  await eventually(() => got.includes('ready'), 'the consumer is ready');
  await tasks.send('work', some(20, 'done'));
  await eventually(() => got.filter((line) => line === 'got done').length === 20, 'the first are finished');
  const held = some(5, 'hold');
  await tasks.send('work', held);
  await eventually(() => got.filter((line) => line === 'got hold').length === 5, 'it holds five');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const killedAtMs = performance.now();
  const recorder = createRecorder();
  await tasks.consume({ queue, prefetch: 10, handler: recorder.handler() });
  await eventually(() => recorder.missing(held) === 0, 'all five come again');
  expect(performance.now() - killedAtMs).toBeLessThan(TAKEN_OVER_WITHIN_MS);
  expect(recorder.distinct()).toBe(5);
  await eventually(async () => (await waiting()) === 0, 'nothing is left');
});

test('a task that kills every consumer is parked after a bounded number of deaths, and its neighbours are not', async () => {
  const neighbours = some(12, 'done');
  await tasks.send('work', [...neighbours.slice(0, 6), ...some(1, 'kill'), ...neighbours.slice(6)]);
  let deaths = 0;
  while ((await tasks.parked(queue, 10)).length === 0) {
    const { child } = spawnConsumer();
    const exit = once(child, 'exit');
    await eventually(async () => child.signalCode !== null || (await tasks.parked(queue, 10)).length > 0, 'it dies, or the task is parked', 60_000);
    if (child.signalCode === null) child.kill('SIGKILL');
    else deaths += 1;
    await exit;
  }
  const [parked] = await tasks.parked(queue, 10);
  expect(parked).toMatchObject({ message: { key: queue, payload: 'kill' }, source: queue, attempts: MOST_DEATHS, reason: 'every consumer that handled it died' });
  expect(Math.abs(Date.now() - (parked?.parkedAt.getTime() ?? 0))).toBeLessThan(60_000);
  expect(deaths).toBeGreaterThan(1);
  expect(deaths).toBeLessThanOrEqual(MOST_DEATHS);
  const later = some(5, 'later');
  const recorder = createRecorder();
  await tasks.send('work', later);
  await tasks.consume({ queue, prefetch: 10, handler: recorder.handler() });
  await eventually(() => recorder.missing(later) === 0, 'later tasks are handled');
  await eventually(async () => (await waiting()) === 0, 'nothing is left');
  expect(await tasks.parked(queue, 10)).toHaveLength(1);
});
