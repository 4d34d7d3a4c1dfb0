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
import type { EventLog } from '../event-log.ts';
import type { Message } from '../message.ts';
import { createKafkaEventLog } from './kafka-event-log.ts';

/** The longest a consumer that was killed may hold up its messages. */
const TAKEN_OVER_WITHIN_MS = 10_000;
const PROGRAM = fileURLToPath(new URL('./fixtures/consumer-process.ts', import.meta.url));
const kafka = engine('kafka');

interface ConsumerProcess {
  child: ChildProcess;
  /** What it said. */
  got: string[];
}

let log: EventLog;
let topic: string;
let children: ChildProcess[];

beforeEach(async () => {
  children = [];
  log = createKafkaEventLog(kafka.url, { logger: pino({ level: 'silent' }), metrics: new Registry() });
  topic = unique('topic');
  await log.declare([{ name: topic, partitions: 4 }]);
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await log.close();
});

function spawnConsumer(): ConsumerProcess {
  const child = spawn(process.execPath, [PROGRAM, kafka.url, topic], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const got: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => { got.push(line); });
  return { child, got };
}

async function startConsumer(): Promise<ConsumerProcess> {
  const consumer = spawnConsumer();
  await eventually(() => consumer.got.includes('ready'), 'the consumer is ready');
  return consumer;
}

async function waiting(): Promise<number> {
  return (await log.lag()).filter((each) => each.topic === topic).reduce((sum, { lag }) => sum + lag, 0);
}

async function untilNothingWaits(): Promise<void> {
  await eventually(async () => (await waiting()) === 0, 'nothing is left');
}

const some = (count: number, payload: string): Message[] => Array.from({ length: count }, (_, n) => message(`key-${n}`, payload));

test('what a consumer held when it was killed comes again within 10 s, what it finished does not', async () => {
  const { child, got } = await startConsumer();
  await log.publish(topic, some(20, 'done'));
  await eventually(() => got.filter((line) => line === 'got done').length === 20, 'the first are handled');
  await untilNothingWaits();
  const held = some(5, 'hold');
  await log.publish(topic, held);
  await eventually(() => got.filter((line) => line === 'got hold').length === 5, 'it holds five');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const killedAtMs = performance.now();
  const recorder = createRecorder();
  await log.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
  await eventually(() => recorder.missing(held) === 0, 'all five come again');
  expect(performance.now() - killedAtMs).toBeLessThan(TAKEN_OVER_WITHIN_MS);
  expect(recorder.distinct()).toBe(5);
  await untilNothingWaits();
});

test('a consumer that was frozen past its session cannot settle what another took over, and works on', async () => {
  const { child, got } = await startConsumer();
  await log.publish(topic, some(1, 'slow'));
  await eventually(() => got.includes('got slow'), 'it works on it');
  child.kill('SIGSTOP');
  const recorder = createRecorder();
  await log.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
  await eventually(() => recorder.distinct() === 1, 'another takes over');
  await untilNothingWaits();
  child.kill('SIGCONT');
  const seen = (): number => got.filter((line) => line === 'got later').length;
  await eventually(async () => {
    await log.publish(topic, some(8, 'later'));
    return seen() > 0;
  }, 'it gets messages again');
  await untilNothingWaits();
  expect(await log.parked(topic, 10)).toEqual([]);
});

test('a sole consumer that was frozen past its session handles what it had in hand and what it had read', async () => {
  const { child, got } = await startConsumer();
  await log.publish(topic, [message('key', 'slow'), ...Array.from({ length: 20 }, (_, n) => message('key', `after ${n}`))]);
  await eventually(() => got.includes('got slow'), 'it works on the first');
  child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  child.kill('SIGCONT');
  await untilNothingWaits();
  expect(new Set(got.filter((line) => line.startsWith('got '))).size).toBe(21);
  expect(await log.parked(topic, 10)).toEqual([]);
});

test('a message that kills every consumer is parked after a bounded number of deaths, and its neighbours are not', { timeout: 180_000 }, async () => {
  const neighbours = some(12, 'done');
  await log.publish(topic, [...neighbours.slice(0, 6), ...some(1, 'kill'), ...neighbours.slice(6)]);
  const parked = async (): Promise<{ payload: string; reason: string }[]> => (await log.parked(topic, 10)).map(({ message: { payload }, reason }) => ({ payload, reason }));
  let deaths = 0;
  for (;;) {
    const { child } = spawnConsumer();
    const exit = once(child, 'exit');
    await eventually(async () => child.signalCode !== null || (await parked()).length > 0, 'it dies or parks', 40_000);
    if (child.signalCode === null) {
      child.kill('SIGKILL');
      await exit;
      break;
    }
    deaths += 1;
  }
  expect(await parked()).toEqual([{ payload: 'kill', reason: 'every consumer that handled it died' }]);
  expect(deaths).toBeGreaterThan(1);
  expect(deaths).toBeLessThanOrEqual(8);
  const recorder = createRecorder();
  const later = some(5, 'later');
  await log.publish(topic, later);
  await log.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
  await eventually(() => recorder.missing(later) === 0, 'later messages are handled');
  await untilNothingWaits();
  expect(await parked()).toHaveLength(1);
});
