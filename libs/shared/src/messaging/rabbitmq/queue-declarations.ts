import type { Exchange, Queue } from '@doubleshot/contracts';
import type { Channel, Replies } from 'amqplib';

/**
 * A task that one consumer more was lost holding is moved by the broker to where it is handled apart from others, to find the one that kills. A consumer that moved it
 * by a copy would die of the copy before the broker has heard that the task is done with.
 */
const DELIVERY_LIMIT = 1;
/** One consumer more may be lost to it there before the broker parks it. */
const SUSPECT_DELIVERY_LIMIT = 3;
/** After so many lost consumers, one after another, a task is parked. */
export const GUILTY_LOSSES = DELIVERY_LIMIT + 1 + SUSPECT_DELIVERY_LIMIT + 1;
/** Looking at parked tasks counts as a delivery, too. Never reached; without any limit what is given back would go behind the rest. */
const LOOKS_LIMIT = 1_000_000_000;

/** Where given-up tasks of a queue lie. */
export function deadQueueOf(queue: string): string {
  return `${queue}.dead`;
}

/** Where tasks are handled one at a time that may be killing their consumers. */
export function suspectQueueOf(queue: string): string {
  return `${queue}.suspect`;
}

/** Where tasks wait up to `stepMs` for their next try. Named by time, so that other delays make other queues and the old ones run empty. */
export function retryQueueOf(queue: string, stepMs: number): string {
  return `${queue}.retry.${stepMs}`;
}

export async function assertExchange(channel: Channel, { name, kind }: Exchange): Promise<void> {
  await channel.assertExchange(name, kind, { durable: true });
}

/** Declares a queue with everything that belongs to it; what is there already stays. Binds it last: before, nothing can come. */
export async function assertQueue(channel: Channel, { name, exchange, bindingKey }: Queue, stepsMs: Iterable<number>): Promise<void> {
  await assertDeadQueue(channel, name);
  await assertSuspectQueue(channel, name);
  await assertWorkQueue(channel, name);
  for (const stepMs of stepsMs) await assertRetryQueue(channel, name, stepMs);
  await channel.bindQueue(name, exchange, bindingKey);
}

export function assertDeadQueue(channel: Channel, queue: string): Promise<Replies.AssertQueue> {
  return assertQuorum(channel, deadQueueOf(queue), { 'x-delivery-limit': LOOKS_LIMIT });
}

export function assertSuspectQueue(channel: Channel, queue: string): Promise<Replies.AssertQueue> {
  return assertQuorum(channel, suspectQueueOf(queue), { 'x-delivery-limit': SUSPECT_DELIVERY_LIMIT, ...deadLettersTo(deadQueueOf(queue)) });
}

export function assertWorkQueue(channel: Channel, queue: string): Promise<Replies.AssertQueue> {
  return assertQuorum(channel, queue, { 'x-delivery-limit': DELIVERY_LIMIT, ...deadLettersTo(suspectQueueOf(queue)) });
}

export function assertRetryQueue(channel: Channel, queue: string, stepMs: number): Promise<Replies.AssertQueue> {
  return assertQuorum(channel, retryQueueOf(queue, stepMs), { 'x-message-ttl': stepMs, ...deadLettersTo(queue) });
}

function assertQuorum(channel: Channel, name: string, extra: Record<string, string | number>): Promise<Replies.AssertQueue> {
  return channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum', ...extra } });
}

/** At least once: the broker keeps a message until the queue it moves to has confirmed it, for which the overflow policy must be to reject. */
function deadLettersTo(queue: string): Record<string, string> {
  return { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': queue, 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' };
}
