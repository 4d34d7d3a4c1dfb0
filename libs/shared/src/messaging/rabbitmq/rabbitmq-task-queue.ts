import type { Message, Subscription } from '../message.ts';
import { refuseTooLarge } from '../message-too-large-error.ts';
import { DRAIN_DEADLINE_MS, type MessagingDeps } from '../messaging-deps.ts';
import type { QueueDepth, TaskQueue } from '../task-queue.ts';
import { subscribeToBroadcasts } from './broadcasts.ts';
import { openConnection } from './connection.ts';
import { createParkedTasks } from './parked-tasks.ts';
import { createPublisher } from './publisher.ts';
import { startTaskConsumer, type TaskConsumer } from './task-consumer.ts';
import { createTaskSender } from './task-sender.ts';
import { createTopology } from './topology.ts';
import { createTurns } from './turns.ts';

/**
 * The task queue over RabbitMQ 4: quorum queues, publisher confirms. Connects in the background, and again whenever a connection is lost; `declare`, `consume` and
 * `subscribeBroadcast` wait 5 s for it and then reject. A parked or retried task may come twice after a crash, never not at all. A task whose consumers are lost one after
 * another is parked after six. What is in hand is counted in `depths` by the process that has it.
 */
export async function createRabbitMqTaskQueue(url: string, deps: MessagingDeps): Promise<TaskQueue> {
  const { logger } = deps;
  const name = `${deps.clientName ?? 'doubleshot'} task queue`;
  const connection = await openConnection({ url, name, logger });
  const publishing = await openConnection({ url, name: `${name}, publishing`, logger });
  const topology = createTopology({ connection, logger });
  const publisher = createPublisher({ connection: publishing, mend: topology.restore, logger });
  const sender = createTaskSender({ publisher, topology });
  const alone = createTurns();
  const parkedTasks = createParkedTasks({ connection, sender });
  const subscriptions = new Set<Subscription>();
  const consumers = new Map<Subscription, { queue: string; consumer: TaskConsumer }>();
  let closed: Promise<void> | undefined;

  function open(): void {
    if (closed !== undefined) throw new Error('the task queue is closed');
  }

  async function keep(running: Subscription): Promise<Subscription> {
    const subscription = {
      close: async () => {
        await running.close();
        subscriptions.delete(subscription);
        consumers.delete(subscription);
      },
    };
    subscriptions.add(subscription);
    // It was closed while this one was being made.
    if (closed !== undefined) await subscription.close();
    return subscription;
  }

  async function send(exchange: string, messages: readonly Message[]): Promise<void> {
    open();
    for (const { key } of messages) topology.router.route(exchange, key);
    refuseTooLarge(exchange, messages);
    const settled = await Promise.allSettled(messages.map((message) => sender.send(exchange, message)));
    for (const each of settled) if (each.status === 'rejected') throw each.reason;
  }

  async function depths(): Promise<readonly QueueDepth[]> {
    open();
    const before = inHand();
    const depths = await topology.depths();
    const after = inHand();
    // A task may have left the hand meanwhile for a queue that was asked before: better counted twice than not at all.
    return depths.map((depth) => ({ ...depth, ready: depth.ready + Math.max(before.get(depth.queue) ?? 0, after.get(depth.queue) ?? 0) }));
  }

  function inHand(): ReadonlyMap<string, number> {
    const byQueue = new Map<string, number>();
    for (const { queue, consumer } of consumers.values()) byQueue.set(queue, (byQueue.get(queue) ?? 0) + consumer.inHand());
    return byQueue;
  }

  async function ready(): Promise<void> {
    open();
    const fault = connection.disconnected() ?? publishing.disconnected();
    if (fault !== undefined) throw new Error(fault);
    await topology.ready();
  }

  async function close(): Promise<void> {
    await Promise.all([...subscriptions].map((subscription) => subscription.close()));
    await Promise.all([topology.close(), publisher.close()]);
    await Promise.all([connection.close(), publishing.close()]);
  }

  return {
    features: { system: 'rabbitmq', durable: true, multiProcess: true },
    tracing: deps.tracing ?? 'parent-child',
    declare: async (wanted) => {
      open();
      await topology.declare(wanted);
    },
    send,
    broadcast: async (exchange, message) => {
      open();
      topology.router.requireFanout(exchange);
      refuseTooLarge(exchange, [message]);
      await sender.broadcast(exchange, message);
    },
    consume: async (options) => {
      open();
      topology.router.queue(options.queue);
      const consumer = await startTaskConsumer({ ...options, connection, sender, alone, mend: topology.restore, logger, drainDeadlineMs: deps.drainDeadlineMs ?? DRAIN_DEADLINE_MS });
      const subscription = await keep(consumer);
      consumers.set(subscription, { queue: options.queue, consumer });
      return subscription;
    },
    subscribeBroadcast: async (exchange, handler) => {
      open();
      topology.router.requireFanout(exchange);
      return keep(await subscribeToBroadcasts({ exchange, handler, connection, logger }));
    },
    depths,
    parked: async (queue, limit) => {
      open();
      return parkedTasks.list(topology.router.queue(queue).name, limit);
    },
    replay: async (queue) => {
      open();
      return parkedTasks.replay(topology.router.queue(queue).name);
    },
    ready,
    close: () => (closed ??= close()),
  };
}
