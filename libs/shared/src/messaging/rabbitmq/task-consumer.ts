import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ConsumeMessage, Message as Raw } from 'amqplib';
import type { Logger } from 'pino';
import { attemptDelivery } from '../attempt-delivery.ts';
import { createDrain } from '../drain.ts';
import type { Outcome, Subscription } from '../message.ts';
import { passSettling } from '../settle-steps.ts';
import type { ConsumeOptions } from '../task-queue.ts';
import type { Connection } from './connection.ts';
import { createLastingChannel } from './lasting-channel.ts';
import { suspectQueueOf } from './queue-declarations.ts';
import { lossesOf, taskFromAmqp, type Task } from './task-message.ts';
import type { TaskSender } from './task-sender.ts';
import type { Turns } from './turns.ts';
import { within } from '../within.ts';

const SETTLE_AGAIN_MS = 200;
/** Those that went to another consumer do not come again: the oldest are forgotten. */
const MOST_LOST = 1_000;
const GOODBYE_TIMEOUT_MS = 1_000;
const LOOK_FOR_SUSPECTS_MS = 1_000;

export interface TaskConsumerOptions extends ConsumeOptions {
  connection: Connection;
  sender: TaskSender;
  /** Shared by all consumers of the process. */
  alone: Turns;
  /** Called before a lost channel is opened again. */
  mend: () => Promise<void>;
  logger: Logger;
  drainDeadlineMs: number;
}

export interface TaskConsumer extends Subscription {
  /** Tasks that this consumer has and the broker does not count. */
  inHand(): number;
}

/** A task the broker waits to hear about, on the channel it came by. */
interface HeldTask extends Task {
  raw: Raw;
  channel: Channel;
  begun: boolean;
}

/** Not handled, but sent as a copy: to the queue, or to where suspects are tried alone. */
type Move = 'again' | 'suspect';

/**
 * One consumer of a queue: holds at most `prefetch` tasks, and beside them one that is suspected of killing its consumers, which is the only suspect in the process: one that
 * kills must not take others with it. A task is acknowledged when it was handled, or when the broker has confirmed the copy that will be tried again or lies parked: it may be
 * there twice, but is never lost. Rejects when it cannot begin within 5 s.
 */
export async function startTaskConsumer(options: TaskConsumerOptions): Promise<TaskConsumer> {
  const { queue, prefetch, handler, connection, sender, alone, mend, logger } = options;
  const drain = createDrain(options.drainDeadlineMs);
  const inHand = new Set<HeldTask>();
  /** Ids of tasks that went with their channel while this consumer lived. */
  const lost = new Set<string>();
  let tag: string | undefined;
  /** A suspect that was asked for and may be on its way. */
  let asking: Promise<unknown> = Promise.resolve();

  const lasting = createLastingChannel({ name: `consumer of ${queue}`, open: connection.openChannel, prepare: subscribe, mend, logger });

  async function subscribe(channel: Channel): Promise<void> {
    // What it brought is in the queue again.
    channel.once('close', () => { for (const task of inHand) if (task.channel === channel) lose(task); });
    await channel.prefetch(prefetch);
    const work = await channel.consume(queue, (raw: ConsumeMessage | null) => {
      // The broker cancels a consumer whose queue was deleted.
      if (raw === null) lasting.replace(channel);
      else void take(channel, raw, 'again');
    });
    tag = work.consumerTag;
  }

  async function trySuspects(): Promise<void> {
    while (!drain.closing.aborted) {
      const found = await alone(trySuspect).catch(() => false);
      if (!found) await sleep(LOOK_FOR_SUSPECTS_MS, undefined, { signal: drain.closing, ref: false }).catch(() => undefined);
    }
  }

  async function trySuspect(): Promise<boolean> {
    const channel = lasting.current();
    if (channel === undefined || drain.closing.aborted) return false;
    let handled: Promise<void> | undefined;
    asking = channel.get(suspectQueueOf(queue)).then((raw) => { if (raw !== false) handled = take(channel, raw, 'suspect'); });
    await asking;
    await handled;
    return handled !== undefined;
  }

  function lose(task: HeldTask): void {
    inHand.delete(task);
    lost.add(task.message.id);
    const [oldest] = lost;
    if (lost.size > MOST_LOST && oldest !== undefined) lost.delete(oldest);
  }

  /** The broker counts a lost channel as a dead consumer; this one lives, and a copy of the task is counted anew. */
  function outlived({ message }: HeldTask, losses: number): boolean {
    return lost.delete(message.id) && losses > 0;
  }

  /** `move`: where a copy goes of a task that came again because the connection was lost. */
  async function take(channel: Channel, raw: Raw, move: Move): Promise<void> {
    const task: HeldTask = { ...taskFromAmqp(raw), raw, channel, begun: false };
    inHand.add(task);
    // Those that come while it closes are given back.
    if (drain.closing.aborted) return;
    task.begun = true;
    await drain.track(handle(task, outlived(task, lossesOf(raw)) ? move : undefined));
  }

  async function handle(task: HeldTask, move: Move | undefined): Promise<void> {
    const outcome = move ?? (await attempt(task));
    // Lost with its channel, or given back: then it comes again.
    while (inHand.has(task)) {
      try {
        await settle(task, outcome);
        return;
      } catch (error) {
        logger.warn({ err: error, queue }, 'a task could not be settled, it is tried again');
      }
      if (drain.signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_AGAIN_MS));
    }
  }

  function attempt({ message, attempt }: HeldTask): Promise<Outcome> {
    return attemptDelivery(handler, { message, source: queue, group: queue, attempt, signal: drain.signal });
  }

  async function settle(task: HeldTask, outcome: Outcome | Move): Promise<void> {
    const { message, attempt } = task;
    if (typeof outcome === 'string') {
      await sender[outcome](queue, { message, attempt });
      acknowledge(task);
      return;
    }
    passSettling('before', outcome.kind, queue, message.id);
    if (outcome.kind === 'park') await sender.park(queue, { message, attempt }, outcome.reason);
    else if (outcome.kind === 'retry') await sender.retry(queue, { message, attempt: attempt + (outcome.counts === false ? 0 : 1) }, outcome.delayMs);
    acknowledge(task);
    passSettling('after', outcome.kind, queue, message.id);
  }

  function acknowledge(task: HeldTask): void {
    if (!inHand.has(task)) return;
    task.channel.ack(task.raw);
    inHand.delete(task);
  }

  /** As a copy: the broker takes what is simply returned for the leavings of a consumer that died. */
  async function giveBack(tasks: readonly HeldTask[]): Promise<void> {
    const each = tasks.map(async (task) => {
      await sender.again(queue, { message: task.message, attempt: task.attempt });
      acknowledge(task);
    });
    await within(GOODBYE_TIMEOUT_MS, 'giving tasks back', Promise.allSettled(each)).catch(() => undefined);
  }

  async function cancel(): Promise<void> {
    const channel = lasting.current();
    if (channel === undefined || tag === undefined) return;
    await within(GOODBYE_TIMEOUT_MS, 'cancelling a consumer', channel.cancel(tag)).catch(() => undefined);
  }

  async function close(): Promise<void> {
    const drained = drain.close();
    await cancel();
    await within(GOODBYE_TIMEOUT_MS, 'waiting for a suspect', asking).catch(() => undefined);
    await giveBack([...inHand].filter(({ begun }) => !begun));
    await drained;
    await giveBack([...inHand]);
    await lasting.close();
  }

  let closed: Promise<void> | undefined;
  const consumer = { inHand: () => inHand.size, close: () => (closed ??= close()) };
  try {
    await lasting.opened();
    void trySuspects();
  } catch (error) {
    await consumer.close();
    throw error;
  }
  return consumer;
}
