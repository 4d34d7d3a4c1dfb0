import { connect, type ChannelModel } from 'amqplib';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import { engine } from '../../../../../tests/setup/engine.ts';
import { createRecorder, DONE, gate, message, messages, unique, type Recorder } from '../contract/recorder.ts';
import type { Message } from '../message.ts';
import type { QueueDepth, TaskQueue } from '../task-queue.ts';
import { createRabbitMqTaskQueue } from './rabbitmq-task-queue.ts';

/** Whatever the broker does, nobody waits longer for an answer. The confirm time-out is 5 s. */
const ANSWERED_WITHIN_MS = 15_000;
const NO_MEMORY = '0.00001';
const ENOUGH_MEMORY = '0.6';
/** More than a task may kill consumers. */
const MANY_LOSSES = 8;
/** More than enough: both faults showed within a few. */
const LOOKS = 100;

const rabbitmq = engine('rabbitmq');
let tasks: TaskQueue;
let work: string;
let live: string;
let queue: string;

const open = (): Promise<TaskQueue> => createRabbitMqTaskQueue(rabbitmq.url, { logger: pino({ level: 'silent' }), metrics: new Registry(), drainDeadlineMs: 500 });
const batch = (count: number): Message[] => messages(count, () => 'bean');

beforeEach(async () => {
  [work, live, queue] = [unique('work'), unique('live'), unique('queue')];
  tasks = await open();
  await declare(tasks);
});
afterEach(() => tasks.close());

function declare(on: TaskQueue): Promise<void> {
  return on.declare({
    exchanges: [{ name: work, kind: 'direct', key: '' }, { name: live, kind: 'fanout', key: '' }],
    queues: [{ name: queue, exchange: work, bindingKey: 'bean', retryDelaysMs: [20, 60] }],
  });
}

async function consume(): Promise<Recorder> {
  const recorder = createRecorder();
  await tasks.consume({ queue, prefetch: 5, handler: recorder.handler() });
  return recorder;
}

/** Tasks get through again, without anybody's help. */
async function resumes(recorder: Recorder): Promise<void> {
  const sent = batch(10);
  await eventually(() => tasks.send(work, sent).then(() => true, () => false), 'tasks are sent again', 60_000);
  await eventually(() => recorder.missing(sent) === 0, 'tasks are handled again', 60_000);
  // The channel that counts may be the last to be opened again.
  const depths = (): Promise<readonly QueueDepth[] | undefined> => tasks.depths().catch(() => undefined);
  await eventually(async () => (await depths())?.every(({ ready, retrying, dead }) => ready + retrying + dead === 0) === true, 'nothing is left');
}

async function answersInTime(answer: Promise<unknown>): Promise<'resolved' | 'rejected'> {
  const beganMs = performance.now();
  const outcome = await answer.then(() => 'resolved' as const, () => 'rejected' as const);
  expect(performance.now() - beganMs).toBeLessThan(ANSWERED_WITHIN_MS);
  return outcome;
}

async function asAdmin(work: (admin: ChannelModel) => Promise<unknown>): Promise<void> {
  const admin = await connect(rabbitmq.url);
  await work(admin);
  await admin.close();
}

describe('task queue over RabbitMQ', () => {
  test.each(['', '.suspect', '.dead', '.retry.20'])('a queue "<queue>%s" that is deleted comes back, and consuming goes on', async (part) => {
    const recorder = createRecorder();
    const attempts = new Map<string, number>();
    await tasks.consume({
      queue,
      prefetch: 5,
      handler: recorder.handler(({ message: { id, payload }, attempt }) => {
        attempts.set(id, attempt);
        if (payload === 'park') return { kind: 'park', reason: 'bitter' };
        return attempt === 1 ? { kind: 'retry', delayMs: 20, reason: 'not yet' } : DONE;
      }),
    });
    await asAdmin(async (admin) => (await admin.createChannel()).deleteQueue(`${queue}${part}`));
    await resumes(recorder);
    await eventually(() => [...attempts.values()].every((attempt) => attempt === 2), 'all are tried twice');
    await tasks.send(work, [message('bean', 'park')]);
    await eventually(async () => (await tasks.parked(queue, 10)).length === 1, 'a task can be parked');
  });

  test('an exchange that is deleted comes back: the broker closes the channel that sends to it, another is opened', async () => {
    const recorder = await consume();
    await asAdmin(async (admin) => (await admin.createChannel()).deleteExchange(work));
    await resumes(recorder);
  });

  test('connections that the broker closes are made again, with their consumers and listeners', async () => {
    const recorder = await consume();
    const heard: string[] = [];
    await tasks.subscribeBroadcast(live, ({ payload }) => heard.push(payload));
    await rabbitmq.exec('rabbitmqctl', 'close_all_connections', 'as a test');
    await resumes(recorder);
    await eventually(async () => {
      await tasks.broadcast(live, message('', 'hello')).catch(() => undefined);
      return heard.includes('hello');
    }, 'broadcasts are heard again');
    await tasks.ready();
  });

  test('tasks in hand when the connection is lost come again, and are settled once', async () => {
    const held = gate();
    const recorder = createRecorder();
    await tasks.consume({ queue, prefetch: 5, handler: recorder.handler(() => held.opened.then(() => DONE)) });
    const sent = batch(5);
    await tasks.send(work, sent);
    await eventually(() => recorder.distinct() === 5, 'they are in hand');
    expect((await tasks.depths()).find((each) => each.queue === queue)?.ready).toBe(5);
    await rabbitmq.exec('rabbitmqctl', 'close_all_connections', 'as a test');
    await eventually(() => recorder.deliveries.length === 10, 'they come again');
    held.open();
    await resumes(recorder);
    expect(recorder.deliveries.length).toBe(20);
  });

  test('connections lost while a consumer lives are no deaths: its tasks are handed on, however often', async () => {
    const held = gate();
    const recorder = createRecorder();
    await tasks.consume({ queue, prefetch: 5, handler: recorder.handler(() => held.opened.then(() => DONE)) });
    const sent = batch(5);
    await tasks.send(work, sent);
    for (let times = 1; times <= MANY_LOSSES; times += 1) {
      await eventually(() => recorder.deliveries.length >= 5 * times, `they are in hand for time ${times}`);
      await rabbitmq.exec('rabbitmqctl', 'close_all_connections', 'as a test');
    }
    held.open();
    await resumes(recorder);
    expect(await tasks.parked(queue, 10)).toEqual([]);
  });

  test('while the broker is frozen nothing hangs; afterwards work resumes', async () => {
    const recorder = await consume();
    const closing = await open();
    await declare(closing);
    await closing.consume({ queue, prefetch: 5, handler: recorder.handler() });
    await rabbitmq.freeze();
    try {
      const answers = [tasks.send(work, batch(3)), tasks.broadcast(live, message('', 'x')), tasks.ready(), tasks.depths()].map(answersInTime);
      expect(await Promise.all(answers)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
      expect(await answersInTime(closing.close())).toBe('resolved');
      await eventually(() => tasks.ready().then(() => false, (error: unknown) => String(error).includes('not connected')), 'heartbeats tell that it is gone', 60_000);
    } finally {
      await rabbitmq.thaw();
    }
    await resumes(recorder);
  });

  test('while the broker is short of memory sending is refused in time and consuming goes on; afterwards sending resumes', async () => {
    const held = gate();
    const recorder = createRecorder();
    const closing = await open();
    await declare(closing);
    const waiting = batch(30);
    await tasks.send(work, waiting);
    await rabbitmq.exec('rabbitmqctl', 'set_vm_memory_high_watermark', NO_MEMORY);
    try {
      expect(await Promise.all([tasks.send(work, batch(3)), closing.send(work, batch(1))].map(answersInTime))).toEqual(['rejected', 'rejected']);
      await expect(tasks.send(work, batch(1))).rejects.toThrow('takes no messages');
      await tasks.consume({ queue, prefetch: 5, handler: recorder.handler(() => held.opened.then(() => DONE)) });
      held.open();
      await eventually(() => recorder.missing(waiting) === 0, 'what waits is handled');
      await eventually(async () => (await tasks.depths()).every(({ ready }) => ready === 0), 'and acknowledged');
      await tasks.ready();
      expect(await answersInTime(closing.close())).toBe('resolved');
    } finally {
      await rabbitmq.exec('rabbitmqctl', 'set_vm_memory_high_watermark', ENOUGH_MEMORY);
    }
    await resumes(recorder);
  });

  test('without a broker it rejects and closes in time', async () => {
    const recorder = await consume();
    const closing = await open();
    await declare(closing);
    await rabbitmq.kill();
    try {
      await eventually(() => tasks.ready().then(() => false, () => true), 'it is not ready');
      const never = await open();
      expect(await answersInTime(declare(never))).toBe('rejected');
      expect(await answersInTime(tasks.send(work, batch(1)))).toBe('rejected');
      expect(await Promise.all([never.close(), closing.close()].map(answersInTime))).toEqual(['resolved', 'resolved']);
    } finally {
      await rabbitmq.start();
    }
    await resumes(recorder);
  });

  test('tasks that a closing consumer cannot finish are no deaths: they are handed on, however often', async () => {
    const [task] = batch(1);
    if (task === undefined) return;
    await tasks.send(work, [task]);
    for (let n = 0; n < 8; n += 1) {
      const started = gate();
      const consumer = await tasks.consume({
        queue,
        prefetch: 1,
        handler: () => {
          started.open();
          return new Promise(() => undefined);
        },
      });
      await started.opened;
      await consumer.close();
    }
    const recorder = await consume();
    await eventually(() => recorder.missing([task]) === 0, 'it is handled at last');
    expect(recorder.deliveries.map(({ attempt }) => attempt)).toEqual([1]);
    expect(await tasks.parked(queue, 10)).toEqual([]);
  });

  test('looking at some of the parked tasks changes neither their order nor their number', async () => {
    const consumer = await tasks.consume({ queue, prefetch: 5, handler: () => Promise.resolve({ kind: 'park', reason: 'bitter' }) });
    const sent = batch(4);
    await tasks.send(work, sent);
    await eventually(async () => (await tasks.parked(queue, 10)).length === 4, 'all are parked');
    await consumer.close();
    const order = (await tasks.parked(queue, 10)).map(({ message: { id } }) => id);
    for (let n = 0; n < LOOKS; n += 1) {
      const some = 1 + (n % 4);
      expect((await tasks.parked(queue, some)).map(({ message: { id } }) => id)).toEqual(order.slice(0, some));
      expect((await tasks.depths()).find((each) => each.queue === queue)).toEqual({ queue, ready: 0, retrying: 0, dead: 4 });
    }
  });
});
