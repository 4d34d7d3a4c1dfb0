import type { PgBoss } from 'pg-boss';
import { createDatabase, createListener } from '../../database/index.ts';
import type { Message, Subscription } from '../message.ts';
import { refuseTooLarge } from '../message-too-large-error.ts';
import { DRAIN_DEADLINE_MS, type MessagingDeps } from '../messaging-deps.ts';
import { createRouter } from '../routing.ts';
import { UnroutableError, type TaskQueue } from '../task-queue.ts';
import { openBoss } from './boss.ts';
import { BROADCAST_MIGRATIONS, BROADCAST_SCHEMA, createBroadcasts } from './broadcasts.ts';
import { startPacedLoop } from './paced-loop.ts';
import { startTaskConsumer, type TaskConsumer } from './task-consumer.ts';
import { createTaskJobs, DEAD_AFTER_SECONDS, deadQueueOf, type TaskJobs } from './task-jobs.ts';
import { QUEUE_PLANNER_SETTINGS } from './planner-settings.ts';
import { createWakeBus } from './wake-bus.ts';

/** With the listener four connections. */
const POOL_SIZE = 3;
const STATEMENT_DEADLINE_MS = 4_000;
const CHANNEL = 'doubleshot_task_queue';
const RECLAIM_EVERY_MS = 1_500;

interface Opened {
  boss: PgBoss;
  jobs: TaskJobs;
}

/**
 * The task queue over PostgreSQL (pg-boss), for several processes. Durable: `send` resolves after the commit. Makes its tables at the first `declare`.
 * Each process declares the exchanges it sends to. The tasks of a consumer that died come again after 6 to 8 s.
 */
export function createPostgresTaskQueue(url: string, deps: MessagingDeps): TaskQueue {
  const { logger } = deps;
  const applicationName = `${deps.clientName ?? 'doubleshot'} task queue`;
  const database = createDatabase({
    url,
    poolSize: deps.poolSize ?? POOL_SIZE,
    applicationName,
    logger,
    acquireTimeoutMs: STATEMENT_DEADLINE_MS,
    statementDeadlineMs: STATEMENT_DEADLINE_MS,
    settings: QUEUE_PLANNER_SETTINGS,
  });
  const listener = createListener({ url, applicationName, logger });
  const bus = createWakeBus({ database, listener, channel: CHANNEL });
  const broadcasts = createBroadcasts({ database, listener, logger });
  const router = createRouter();
  const subscriptions = new Set<Subscription>();
  const consumed = new Map<Subscription, { queue: string; consumer: TaskConsumer }>();
  let reclaimFromMs = -Infinity;
  let opening: Promise<Opened> | undefined;
  let closed: Promise<void> | undefined;

  async function open(): Promise<Opened> {
    if (closed !== undefined) throw new Error('the task queue is closed');
    opening ??= openAll();
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  }

  async function openAll(): Promise<Opened> {
    await database.migrate(BROADCAST_SCHEMA, BROADCAST_MIGRATIONS);
    const boss = await openBoss(database, logger);
    return { boss, jobs: createTaskJobs(boss, database) };
  }

  const reclaiming = startPacedLoop({
    turn: async () => {
      const queues = [...new Set([...consumed.values()].map(({ queue }) => queue))];
      if (queues.length === 0) return false;
      const { jobs } = await open();
      // After an outage, or having been frozen, this process is no more dead than the others.
      await Promise.all([...consumed.values()].map(({ consumer }) => consumer.touch()));
      if (performance.now() < reclaimFromMs) return false;
      const reclaimed = await jobs.reclaim(queues);
      if (reclaimed.length > 0) logger.warn({ queues: reclaimed }, 'took back tasks whose consumer died');
      reclaimed.forEach(bus.wake);
      return false;
    },
    shortestMs: RECLAIM_EVERY_MS,
    longestMs: () => RECLAIM_EVERY_MS,
    onError: (error) => {
      // While the database was away nobody could be heard of.
      reclaimFromMs = performance.now() + DEAD_AFTER_SECONDS * 1_000;
      logger.debug({ err: error }, 'abandoned tasks were not looked for');
    },
  });

  function keep(running: Subscription): Subscription {
    const subscription = {
      close: async () => {
        await running.close();
        subscriptions.delete(subscription);
        consumed.delete(subscription);
      },
    };
    subscriptions.add(subscription);
    return subscription;
  }

  async function send(exchange: string, messages: readonly Message[]): Promise<void> {
    const { jobs } = await open();
    refuseTooLarge(exchange, messages);
    const byQueue = new Map<string, Message[]>();
    for (const message of messages) {
      const names = router.route(exchange, message.key);
      if (names.length === 0) throw new UnroutableError(exchange, message.key);
      for (const name of names) {
        const tasks = byQueue.get(name);
        if (tasks === undefined) byQueue.set(name, [message]);
        else tasks.push(message);
      }
    }
    await Promise.all(
      [...byQueue].map(async ([queue, tasks]) => {
        await jobs.add(queue, tasks);
        bus.wake(queue);
      }),
    );
  }

  async function close(): Promise<void> {
    await reclaiming.stop();
    await Promise.all([...subscriptions].map((subscription) => subscription.close()));
    const opened = await opening?.catch(() => undefined);
    await opened?.boss.stop({ graceful: false, close: false });
    await listener.close();
    await database.close();
  }

  return {
    features: { system: 'postgresql', durable: true, multiProcess: true },
    tracing: deps.tracing ?? 'parent-child',
    declare: async (topology) => {
      router.declare(topology);
      const { jobs } = await open();
      await jobs.createQueues(topology.queues.flatMap(({ name }) => [name, deadQueueOf(name)]));
    },
    send,
    broadcast: async (exchange, message) => {
      router.requireFanout(exchange);
      refuseTooLarge(exchange, [message]);
      await open();
      await broadcasts.send(exchange, message);
    },
    consume: async (options) => {
      router.queue(options.queue);
      const { jobs } = await open();
      const consumer = await startTaskConsumer({ ...options, jobs, bus, logger, drainDeadlineMs: deps.drainDeadlineMs ?? DRAIN_DEADLINE_MS });
      const subscription = keep(consumer);
      consumed.set(subscription, { queue: options.queue, consumer });
      return subscription;
    },
    subscribeBroadcast: async (exchange, handler) => {
      router.requireFanout(exchange);
      await open();
      return keep(await broadcasts.subscribe(exchange, handler));
    },
    depths: async () => (await open()).jobs.depths(router.queues().map(({ name }) => name)),
    parked: async (queue, limit) => (await open()).jobs.parked(router.queue(queue).name, limit),
    replay: async (queue) => {
      const { jobs } = await open();
      const count = await jobs.replay(router.queue(queue).name);
      bus.wake(queue);
      return count;
    },
    ready: async () => {
      await open();
      await database.ready();
    },
    close: () => (closed ??= close()),
  };
}
