import type { Logger } from 'pino';
import { attemptDelivery } from '../attempt-delivery.ts';
import { GUILTY_DEATHS, SUSPECT_DEATHS } from '../deaths.ts';
import { createDrain } from '../drain.ts';
import type { Outcome, Subscription } from '../message.ts';
import { passSettling } from '../settle-steps.ts';
import type { ConsumeOptions } from '../task-queue.ts';
import { startPacedLoop } from './paced-loop.ts';
import type { HeldTask, TaskJobs } from './task-jobs.ts';
import type { WakeBus } from './wake-bus.ts';

const MOST_FETCHED = 64;
const SHORTEST_POLL_MS = 5;
/** A poll stands behind the wake; without the wake it is all there is. */
const LONGEST_POLL_MS = 500;
const LONGEST_POLL_UNWOKEN_MS = 50;
/** Tasks in hand say so this often; after 6 s of silence others take them. */
const TOUCH_EVERY_MS = 1_500;
const SETTLE_AGAIN_MS = 200;
const PUT_OFF_MS = 100;

export interface TaskConsumerOptions extends ConsumeOptions {
  jobs: TaskJobs;
  bus: WakeBus;
  logger: Logger;
  drainDeadlineMs: number;
}

/** A consumer that can say that it lives. */
export interface TaskConsumer extends Subscription {
  touch(): Promise<void>;
}

/** One consumer of a queue: holds at most `prefetch` tasks, settles those that are done in batches, keeps long ones alive. */
export async function startTaskConsumer({ queue, prefetch, handler, jobs, bus, logger, drainDeadlineMs }: TaskConsumerOptions): Promise<TaskConsumer> {
  const drain = createDrain(drainDeadlineMs);
  const inHand = new Set<HeldTask>();
  const settleDone = createSettler((tasks) => jobs.done(queue, tasks), drain.signal);
  let more = false;

  async function turn(): Promise<boolean> {
    const free = prefetch - inHand.size;
    more = true;
    if (free <= 0 || drain.closing.aborted) return false;
    const most = roundedDown(Math.min(free, MOST_FETCHED));
    const tasks = await jobs.fetch(queue, most);
    more = tasks.length === most;
    if (drain.closing.aborted) {
      if (tasks.length > 0) await jobs.giveBack(queue, tasks);
      return false;
    }
    for (const task of tasks) {
      if (task.deaths >= SUSPECT_DEATHS && [...inHand].some(({ deaths }) => deaths >= SUSPECT_DEATHS)) {
        await jobs.putOff(queue, task, PUT_OFF_MS);
        continue;
      }
      inHand.add(task);
      void drain.track(handle(task));
    }
    if (more && inHand.size < prefetch) loop.wake();
    return tasks.length > 0;
  }

  async function handle(task: HeldTask): Promise<void> {
    const { message, failures, deaths } = task;
    const delivery = { message, source: queue, group: queue, attempt: failures + 1, signal: drain.signal };
    // When this fails the death it may cause is not held against it.
    if (deaths >= SUSPECT_DEATHS) await jobs.tryAlone(queue, task).catch(() => undefined);
    const outcome = deaths >= GUILTY_DEATHS ? guilty(task) : await attemptDelivery(handler, delivery);
    await untilSettled(() => settle(task, outcome));
    inHand.delete(task);
    if (more) loop.wake();
  }

  function guilty({ message, deaths }: HeldTask): Outcome {
    logger.error({ queue, messageId: message.id, deaths }, 'message parked: every consumer that handled it died');
    return { kind: 'park', reason: 'every consumer that handled it died' };
  }

  async function settle(task: HeldTask, outcome: Outcome): Promise<void> {
    passSettling('before', outcome.kind, queue, task.message.id);
    if (outcome.kind === 'done') await settleDone(task);
    else if (outcome.kind === 'park') await jobs.park(queue, task, outcome.reason);
    else {
      await jobs.retry(queue, task, outcome);
      setTimeout(loop.wake, outcome.delayMs + 1).unref();
    }
    passSettling('after', outcome.kind, queue, task.message.id);
  }

  async function untilSettled(work: () => Promise<void>): Promise<void> {
    // Given up at the drain deadline: unsettled, the task comes again.
    while (!drain.signal.aborted) {
      try {
        await work();
        return;
      } catch (error) {
        logger.warn({ err: error, queue }, 'a task could not be settled, it is tried again');
        await new Promise((resolve) => setTimeout(resolve, SETTLE_AGAIN_MS));
      }
    }
  }

  const loop = startPacedLoop({
    turn,
    shortestMs: SHORTEST_POLL_MS,
    longestMs: () => (bus.connected() ? LONGEST_POLL_MS : LONGEST_POLL_UNWOKEN_MS),
    onError: (error) => { logger.warn({ err: error, queue }, 'the queue cannot be read now'); },
  });
  async function touch(): Promise<void> {
    if (inHand.size > 0) await jobs.touch(queue, [...inHand]);
  }

  const touching = setInterval(() => {
    touch().catch((error: unknown) => { logger.debug({ err: error, queue }, 'tasks in hand were not kept alive'); });
  }, TOUCH_EVERY_MS);
  const unsubscribe = await bus.subscribe(queue, loop.wake);

  async function close(): Promise<void> {
    unsubscribe();
    const drained = drain.close();
    await loop.stop();
    await drained;
    clearInterval(touching);
    bus.wake(queue);
  }

  let closed: Promise<void> | undefined;
  return { touch, close: () => (closed ??= close()) };
}

/** A power of two, so that few different statements are prepared. */
function roundedDown(count: number): number {
  return 2 ** Math.floor(Math.log2(count));
}

/** Collects tasks while the batch before is being settled. */
function createSettler(settle: (tasks: readonly HeldTask[]) => Promise<void>, signal: AbortSignal): (task: HeldTask) => Promise<void> {
  let waiting: HeldTask[] = [];
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function after(before: Promise<void> | undefined): Promise<void> {
    await before?.catch(() => undefined);
    next = undefined;
    const batch = waiting;
    waiting = [];
    if (signal.aborted) return;
    running = settle(batch);
    await running;
  }

  return (task) => {
    waiting.push(task);
    return (next ??= after(running));
  };
}
