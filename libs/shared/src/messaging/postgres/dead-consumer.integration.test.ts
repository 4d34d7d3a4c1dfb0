import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import { createTestDatabase } from '../../../../../tests/setup/test-database.ts';
import { createRecorder, DONE, gate, message, unique, type Recorder } from '../contract/recorder.ts';
import type { Message, Subscription } from '../message.ts';
import { createPostgresEventLog } from './postgres-event-log.ts';
import { createPostgresTaskQueue } from './postgres-task-queue.ts';

/** The longest a consumer that was killed may hold up its messages. */
const TAKEN_OVER_WITHIN_MS = 10_000;
/** Longer than any lease. */
const FROZEN_MS = 6_500;
const PROGRAM = fileURLToPath(new URL('./fixtures/consumer-process.ts', import.meta.url));
const deps = { logger: pino({ level: 'silent' }), metrics: new Registry() };

/** Log and queue, seen alike. */
interface Source {
  name: string;
  send(messages: readonly Message[]): Promise<void>;
  consume(recorder: Recorder, until?: () => Promise<void>): Promise<Subscription>;
  waiting(): Promise<number>;
  parked(): Promise<readonly { payload: string; reason: string }[]>;
  close(): Promise<void>;
}

async function openLog(url: string): Promise<Source> {
  const log = createPostgresEventLog(url, deps);
  const topic = unique('topic');
  await log.declare([{ name: topic, partitions: 4 }]);
  return {
    name: topic,
    send: (messages) => log.publish(topic, messages),
    consume: (recorder) => log.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() }),
    waiting: async () => (await log.lag()).reduce((sum, { lag }) => sum + lag, 0),
    parked: async () => (await log.parked(topic, 10)).map(({ message: { payload }, reason }) => ({ payload, reason })),
    close: () => log.close(),
  };
}

async function openQueue(url: string): Promise<Source> {
  const tasks = createPostgresTaskQueue(url, deps);
  const queue = unique('queue');
  await tasks.declare({ exchanges: [{ name: 'work', kind: 'direct', key: '' }], queues: [{ name: queue, exchange: 'work', bindingKey: queue, retryDelaysMs: [] }] });
  return {
    name: queue,
    send: (messages) => tasks.send('work', messages.map((each) => ({ ...each, key: queue }))),
    consume: (recorder, until = () => Promise.resolve()) => tasks.consume({ queue, prefetch: 10, handler: recorder.handler(() => until().then(() => DONE)) }),
    waiting: async () => (await tasks.depths()).reduce((sum, { ready, retrying }) => sum + ready + retrying, 0),
    parked: async () => (await tasks.parked(queue, 10)).map(({ message: { payload }, reason }) => ({ payload, reason })),
    close: () => tasks.close(),
  };
}

/** A source in a database of its own and the processes that consume it. */
interface Stage {
  source: Source;
  /** Starts a consumer; it may die before it is ready. */
  spawnConsumer(): { child: ChildProcess; got: string[] };
  startConsumer(): Promise<{ child: ChildProcess; got: string[] }>;
  /** Does at once what time does to the leases of the dead. */
  endLeases(): Promise<void>;
}

const END_LEASES = {
  log: `UPDATE event_log.cursors SET lease_until = now() - interval '1 second' WHERE owner IS NOT NULL; UPDATE event_log.members SET seen_at = now() - interval '1 minute'`,
  queue: `UPDATE task_queue.job SET heartbeat_on = now() - interval '1 minute'`,
};

async function onStage(kind: 'log' | 'queue', play: (stage: Stage) => Promise<void>): Promise<void> {
  const url = await createTestDatabase();
  const source = await (kind === 'log' ? openLog : openQueue)(url);
  const children: ChildProcess[] = [];
  const spawnConsumer = (): { child: ChildProcess; got: string[] } => {
    const child = spawn(process.execPath, [PROGRAM, kind, url, source.name], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const got: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => { got.push(line); });
    return { child, got };
  };
  const startConsumer = async (): Promise<{ child: ChildProcess; got: string[] }> => {
    const consumer = spawnConsumer();
    await eventually(() => consumer.got.includes('ready'), 'the consumer is ready');
    return consumer;
  };
  const endLeases = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(END_LEASES[kind]);
    await client.end();
  };
  try {
    await play({ source, spawnConsumer, startConsumer, endLeases });
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await source.close();
  }
}

const some = (count: number, payload: string): Message[] => Array.from({ length: count }, (_, n) => message(`key-${n}`, payload));

describe.each(['log', 'queue'] as const)('%s over PostgreSQL', { concurrent: true, timeout: 120_000 }, (kind) => {
  test('what a consumer held when it was killed comes again within 10 s, what it finished does not', () => onStage(kind, async ({ source, startConsumer }) => {
    const { child, got } = await startConsumer();
    await source.send(some(20, 'done'));
    await eventually(async () => (await source.waiting()) === 0, 'the first are finished');
    const held = some(5, 'hold');
    await source.send(held);
    await eventually(() => got.filter((line) => line === 'got hold').length === 5, 'it holds five');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const killedAtMs = performance.now();
    const recorder = createRecorder();
    await source.consume(recorder);
    await eventually(() => recorder.missing(held) === 0, 'all five come again');
    expect(performance.now() - killedAtMs).toBeLessThan(TAKEN_OVER_WITHIN_MS);
    expect(recorder.distinct()).toBe(5);
    await eventually(async () => (await source.waiting()) === 0, 'nothing is left');
  }));

  test('a consumer that was frozen past its lease cannot settle what another took over, and works on', () => onStage(kind, async ({ source, startConsumer }) => {
    const { child, got } = await startConsumer();
    const [slow] = some(1, 'slow');
    if (slow === undefined) return;
    await source.send([slow]);
    await eventually(() => got.includes('got slow'), 'it works on it');
    child.kill('SIGSTOP');
    const recorder = createRecorder();
    await source.consume(recorder);
    await eventually(() => recorder.distinct() === 1, 'another takes over');
    await eventually(async () => (await source.waiting()) === 0, 'and finishes it');
    child.kill('SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const later = some(40, 'later');
    await source.send(later);
    await eventually(async () => (await source.waiting()) === 0, 'later messages are handled');
    const byFrozen = got.filter((line) => line === 'got later').length;
    const byOther = recorder.deliveries.filter(({ message: { payload } }) => payload === 'later').length;
    expect(byFrozen + byOther).toBe(40);
  }));

  test('a sole consumer that was frozen past its lease handles what it had in hand and what it had read', () => onStage(kind, async ({ source, startConsumer }) => {
    const { child, got } = await startConsumer();
    await source.send([message('key', 'slow'), ...Array.from({ length: 20 }, (_, n) => message('key', `after ${n}`))]);
    await eventually(() => got.includes('got slow'), 'it works on the first');
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
    child.kill('SIGCONT');
    await eventually(async () => (await source.waiting()) === 0, 'nothing is left');
    expect(new Set(got.filter((line) => line.startsWith('got '))).size).toBe(21);
    expect(await source.parked()).toEqual([]);
  }));

  test('a message that kills every consumer is parked after a bounded number of deaths, and its neighbours are not', () => onStage(kind, async ({ source, spawnConsumer, endLeases }) => {
    const recorder = createRecorder();
    const neighbours = some(12, 'done');
    await source.send([...neighbours.slice(0, 6), ...some(1, 'kill'), ...neighbours.slice(6)]);
    let deaths = 0;
    for (;;) {
      const { child } = spawnConsumer();
      const exit = once(child, 'exit');
      await eventually(async () => child.signalCode !== null || (await source.parked()).length > 0, 'it dies or parks', 20_000);
      if (child.signalCode === null) {
        child.kill('SIGKILL');
        await exit;
        break;
      }
      deaths += 1;
      await endLeases();
    }
    expect(await source.parked()).toEqual([{ payload: 'kill', reason: 'every consumer that handled it died' }]);
    expect(deaths).toBeGreaterThan(1);
    expect(deaths).toBeLessThanOrEqual(8);
    await endLeases();
    const later = some(5, 'later');
    await source.send(later);
    await source.consume(recorder);
    await eventually(() => recorder.missing(later) === 0, 'later messages are handled');
    await eventually(async () => (await source.waiting()) === 0, 'nothing is left');
    expect(await source.parked()).toHaveLength(1);
  }));
});

test('a task under suspicion that its consumer had not begun when it died is not blamed for the death; one that it had begun is', async () => {
  const url = await createTestDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const source = await openQueue(url);
  await source.send([...some(3, 'beside'), ...some(1, 'tried')]);
  await client.query(
    `UPDATE task_queue.job SET state = 'active', started_on = now(), heartbeat_on = now() - interval '1 minute', retry_count = 1,
       output = jsonb_build_object('deaths', 5, 'failures', 0) || CASE WHEN data->>'payload' = 'tried' THEN '{"trying": true}'::jsonb ELSE '{}' END`,
  );
  const recorder = createRecorder();
  await source.consume(recorder);
  await eventually(async () => (await source.waiting()) === 0, 'nothing is left');
  expect(recorder.deliveries.map(({ message: { payload } }) => payload)).toEqual(['beside', 'beside', 'beside']);
  expect(await source.parked()).toEqual([{ payload: 'tried', reason: 'every consumer that handled it died' }]);
  await source.close();
  await client.end();
}, 60_000);

test('a queue over PostgreSQL does not take its own tasks for abandoned when they were not heard of for long', async () => {
  const url = await createTestDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const source = await openQueue(url);
  // Reclaims every 1.5 s from its start, touches every 1.5 s from when it consumes: here a reclaim is due first.
  const startedMs = performance.now();
  const at = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, startedMs + ms - performance.now()));
  await at(1_000);
  const recorder = createRecorder();
  const held = gate();
  const subscription = await source.consume(recorder, () => held.opened);
  await source.send(some(3, 'held'));
  await eventually(() => recorder.deliveries.length === 3, 'they are in hand');
  await at(2_650);
  await client.query(END_LEASES.queue);
  await at(4_500);
  expect(recorder.deliveries).toHaveLength(3);
  held.open();
  await eventually(async () => (await source.waiting()) === 0, 'nothing is left');
  await subscription.close();
  await source.close();
  await client.end();
}, 30_000);
