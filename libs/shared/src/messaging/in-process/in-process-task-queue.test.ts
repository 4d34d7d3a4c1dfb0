import { pino } from 'pino';
import { expect, test } from 'vitest';
import { taskQueueContract } from '../contract/task-queue-contract.ts';
import type { DeliveryHandler, Message, Outcome } from '../message.ts';
import { uuidV7 } from '../uuid-v7.ts';
import { createInProcessTaskQueue } from './in-process-task-queue.ts';

const logger = pino({ level: 'silent' });

taskQueueContract({ name: 'in-process:', features: { system: 'in_process', durable: false, multiProcess: false }, open: () => Promise.resolve(createInProcessTaskQueue({ logger, drainDeadlineMs: 300 })) });

const EARLY: Outcome = { kind: 'retry', delayMs: 60_000, reason: 'too early', counts: false, early: true };

function taskOf(payload: string): Message {
  return { id: uuidV7(), key: 'key', headers: {}, payload };
}

async function queueWith(handler: DeliveryHandler): Promise<ReturnType<typeof createInProcessTaskQueue>> {
  const tasks = createInProcessTaskQueue({ logger, drainDeadlineMs: 300 });
  await tasks.declare({ exchanges: [{ name: 'work', kind: 'direct', key: '' }], queues: [{ name: 'queue', exchange: 'work', bindingKey: 'key', retryDelaysMs: [] }] });
  await tasks.consume({ queue: 'queue', prefetch: 1, handler });
  return tasks;
}

test('a task that came too early is given back to its sender, who sends it again', async () => {
  const outcomes: Outcome[] = [EARLY, { kind: 'done' }];
  const tasks = await queueWith(() => Promise.resolve(outcomes.shift() ?? EARLY));
  const task = taskOf('early');
  await expect(tasks.send('work', [task])).rejects.toMatchObject({ name: 'GivenBackError', message: 'too early' });
  expect(await tasks.depths()).toEqual([{ queue: 'queue', ready: 0, retrying: 0, dead: 0 }]);
  await tasks.send('work', [task]);
  expect(outcomes).toEqual([]);
  await tasks.close();
});

test('a task that is replayed too early is parked again, with the reason', async () => {
  const outcomes: Outcome[] = [{ kind: 'park', reason: 'broken' }, EARLY];
  const tasks = await queueWith(() => Promise.resolve(outcomes.shift() ?? EARLY));
  const task = taskOf('replayed');
  await tasks.send('work', [task]);
  expect(await tasks.replay('queue')).toBe(1);
  await expect.poll(() => tasks.parked('queue', 10)).toMatchObject([{ message: { id: task.id }, reason: 'too early' }]);
  await tasks.close();
});
