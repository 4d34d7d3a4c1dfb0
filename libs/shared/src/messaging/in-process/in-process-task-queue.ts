import { createDrain } from '../drain.ts';
import type { Message, Subscription } from '../message.ts';
import { refuseTooLarge } from '../message-too-large-error.ts';
import { DRAIN_DEADLINE_MS, type MessagingDeps } from '../messaging-deps.ts';
import { asReplayed } from '../replayed.ts';
import { createRouter } from '../routing.ts';
import { UnroutableError, type ConsumeOptions, type TaskQueue } from '../task-queue.ts';
import { createConfirmation, GivenBackError, type Settle } from './confirmation.ts';
import { copyMessage } from './copy-message.ts';
import { createParkedStore } from './parked-store.ts';
import { untilDone } from './until-done.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

/**
 * The task queue of a process that is alone. Parked tasks are in the process's database, if it has one. The rest is not durable: `send` resolves when every bound queue's consumer has handled (or parked) the tasks; without a consumer
 * it waits for one; it rejects when a task came too early for its handler and when the queue closes first, so that the outbox keeps its row.
 */
export function createInProcessTaskQueue(deps: Pick<MessagingDeps, 'tracing' | 'drainDeadlineMs' | 'logger' | 'database'>): TaskQueue {
  const router = createRouter();
  const queues = new Map<string, WorkQueue>();
  const store = createParkedStore(deps.database);
  const listeners = new Map<string, Set<(message: Message) => void>>();
  const subscriptions = new Set<Subscription>();
  let closed: Promise<void> | undefined;

  async function open<T>(work: () => T | Promise<T>): Promise<T> {
    if (closed !== undefined) throw new Error('the task queue is closed');
    return await work();
  }

  function queueOf(name: string): WorkQueue {
    const queue = queues.get(router.queue(name).name);
    if (queue === undefined) throw new Error(`queue "${name}" was not declared`);
    return queue;
  }

  async function route(exchange: string, messages: readonly Message[], hand: (queue: WorkQueue, message: Message, settle: Settle) => void): Promise<void> {
    await open(() => undefined);
    const routed = messages.map((message) => ({ message: copyMessage(message), names: router.route(exchange, message.key) }));
    for (const { message, names } of routed) if (names.length === 0) throw new UnroutableError(exchange, message.key);
    const confirmation = createConfirmation();
    for (const { message, names } of routed) for (const name of names) hand(queueOf(name), message, confirmation.part());
    await confirmation.all();
  }

  function opened(close: () => Promise<void>): Subscription {
    const subscription = { close: async () => { await close(); subscriptions.delete(subscription); } };
    subscriptions.add(subscription);
    return subscription;
  }

  function consume({ queue, prefetch, handler }: ConsumeOptions): Subscription {
    const from = queueOf(queue);
    const worker = { handler, prefetch, drain: createDrain(deps.drainDeadlineMs ?? DRAIN_DEADLINE_MS) };
    from.join(worker);
    return opened(() => {
      from.leave(worker);
      return worker.drain.close();
    });
  }

  function subscribeBroadcast(exchange: string, handler: (message: Message) => void): Subscription {
    router.requireFanout(exchange);
    const listener = (message: Message): void => {
      try {
        handler(message);
      } catch (error) {
        deps.logger.error({ err: error }, 'a broadcast handler threw');
      }
    };
    const set = listeners.get(exchange) ?? new Set();
    listeners.set(exchange, set.add(listener));
    return opened(() => Promise.resolve(void set.delete(listener)));
  }

  function broadcast(exchange: string, message: Message): void {
    router.requireFanout(exchange);
    refuseTooLarge(exchange, [message]);
    const copy = copyMessage(message);
    for (const listener of listeners.get(exchange) ?? []) setImmediate(listener, copy);
  }

  /** A task that is handled this time is kept no more; one that is still too early is parked again. */
  async function replay(name: string): Promise<number> {
    const queue = queueOf(name);
    const taken = await store.take(name);
    const keep = (work: () => Promise<void>): void => void untilDone(work, () => closed !== undefined);
    for (const parked of taken) {
      queue.add(asReplayed(parked.message), (how) => {
        if (how === 'handled') keep(() => store.remove(parked));
        else if (how instanceof GivenBackError) keep(() => store.park({ ...parked, reason: how.message, parkedAt: new Date() }));
      });
    }
    return taken.length;
  }

  async function close(): Promise<void> {
    await Promise.all([...subscriptions].map((subscription) => subscription.close()));
    for (const queue of queues.values()) queue.close();
  }

  return {
    features: { system: 'in_process', durable: false, multiProcess: false },
    tracing: deps.tracing ?? 'parent-child',
    declare: (topology) =>
      open(async () => {
        await store.declare();
        router.declare(topology);
        for (const { name } of topology.queues) if (!queues.has(name)) queues.set(name, createWorkQueue(name, store));
      }),
    send: async (exchange, messages) => {
      refuseTooLarge(exchange, messages);
      await route(exchange, messages, (queue, message, settle) => { queue.add(message, settle); });
    },
    giveUp: (exchange, given, why) => route(exchange, [given], (queue, message, settle) => { queue.giveUp(message, why, settle); }),
    broadcast: (exchange, message) => open(() => { broadcast(exchange, message); }),
    consume: (options) => open(() => consume(options)),
    subscribeBroadcast: (exchange, handler) => open(() => subscribeBroadcast(exchange, handler)),
    depths: () =>
      open(async () => {
        const dead = await store.counts();
        return [...queues].map(([queue, each]) => ({ queue, ...each.depth(), dead: dead.get(queue) ?? 0 }));
      }),
    parked: (queue, limit) => open(() => store.list(router.queue(queue).name, limit)),
    replay: (queue) => open(() => replay(queue)),
    ready: () => open(() => undefined),
    close: () => (closed ??= close()),
  };
}
