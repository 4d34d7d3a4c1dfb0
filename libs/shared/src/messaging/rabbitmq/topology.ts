import type { Exchange, Queue } from '@doubleshot/contracts';
import type { Channel } from 'amqplib';
import type { Logger } from 'pino';
import { createRouter, type Router } from '../routing.ts';
import type { QueueDepth, QueueTopology } from '../task-queue.ts';
import type { Connection } from './connection.ts';
import { createLastingChannel } from './lasting-channel.ts';
import { assertDeadQueue, assertExchange, assertQueue, assertRetryQueue, assertSuspectQueue, assertWorkQueue } from './queue-declarations.ts';
import { retryStepOf } from './retry-steps.ts';
import { within } from '../within.ts';

const ANSWER_TIMEOUT_MS = 5_000;
/** Exists on every broker. */
const SOME_EXCHANGE = 'amq.direct';

/** The exchanges and queues that were declared, on a channel of their own. They are declared again after each reconnection: what is missing comes back, empty. */
export interface Topology {
  readonly router: Router;
  declare(topology: QueueTopology): Promise<void>;
  /** Declares everything again; calls at the same time are one. Rejects when the channel is not open. */
  restore(): Promise<void>;
  /** The retry queue for a delay; a new one is made by the next `restore`. */
  stepFor(queue: string, delayMs: number): number;
  /** What lies in the queues of all processes, without what consumers hold. */
  depths(): Promise<readonly QueueDepth[]>;
  /** Rejects unless the broker answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export function createTopology({ connection, logger }: { connection: Connection; logger: Logger }): Topology {
  const router = createRouter();
  const exchanges = new Map<string, Exchange>();
  const steps = new Map<string, Set<number>>();
  let restoring: Promise<void> | undefined;

  const lasting = createLastingChannel({ name: 'topology', open: connection.openChannel, prepare: assertAll, logger });

  async function assertAll(channel: Channel): Promise<void> {
    await assertThese(channel, { exchanges: [...exchanges.values()], queues: router.queues() });
  }

  async function assertThese(channel: Channel, these: QueueTopology): Promise<void> {
    for (const exchange of these.exchanges) await assertExchange(channel, exchange);
    for (const queue of these.queues) await assertQueue(channel, queue, stepsOf(queue.name));
  }

  function stepsOf(queue: string): Set<number> {
    const own = steps.get(queue) ?? new Set(router.queue(queue).retryDelaysMs);
    steps.set(queue, own);
    return own;
  }

  function open(): Channel {
    const channel = lasting.current();
    if (channel === undefined) throw new Error(connection.disconnected() ?? 'the channel to RabbitMQ is being opened');
    return channel;
  }

  async function restore(): Promise<void> {
    await assertAll(open());
  }

  async function depthOf(channel: Channel, { name }: Queue): Promise<QueueDepth> {
    let retrying = 0;
    for (const stepMs of stepsOf(name)) retrying += (await assertRetryQueue(channel, name, stepMs)).messageCount;
    const suspect = await assertSuspectQueue(channel, name);
    const work = await assertWorkQueue(channel, name);
    const dead = await assertDeadQueue(channel, name);
    return { queue: name, ready: suspect.messageCount + work.messageCount, retrying, dead: dead.messageCount };
  }

  return {
    router,
    declare: async (topology) => {
      router.declare(topology);
      for (const exchange of topology.exchanges) exchanges.set(exchange.name, exchange);
      for (const { name, retryDelaysMs } of topology.queues) for (const stepMs of retryDelaysMs) stepsOf(name).add(stepMs);
      await assertThese(await lasting.opened(), topology);
    },
    restore: () => (restoring ??= restore().finally(() => { restoring = undefined; })),
    stepFor: (queue, delayMs) => {
      const stepMs = retryStepOf(router.queue(queue).retryDelaysMs, delayMs);
      stepsOf(queue).add(stepMs);
      return stepMs;
    },
    depths: async () => {
      const channel = open();
      return within(ANSWER_TIMEOUT_MS, 'asking RabbitMQ for the depth of its queues', Promise.all(router.queues().map((queue) => depthOf(channel, queue))));
    },
    ready: async () => {
      await within(ANSWER_TIMEOUT_MS, 'asking RabbitMQ whether it is there', open().checkExchange(SOME_EXCHANGE));
    },
    close: () => lasting.close(),
  };
}
