import type { Exchange, Queue } from '@doubleshot/contracts';
import type { DeliveryHandler, GivenUp, Message, ParkedMessage, Subscription } from './message.ts';
import type { MessageTracing } from './tracing.ts';

export interface TaskQueueFeatures {
  /** `messaging.system` of its spans. */
  system: string;
  /** Tasks survive the end of every process. */
  durable: boolean;
  /** Several processes may share one queue. */
  multiProcess: boolean;
}

/** Exchanges and queues as they must exist before anything is sent. */
export interface QueueTopology {
  exchanges: readonly Exchange[];
  queues: readonly Queue[];
}

export interface ConsumeOptions {
  queue: string;
  /** Most tasks this consumer holds unacknowledged at once. */
  prefetch: number;
  handler: DeliveryHandler;
}

export interface QueueDepth {
  queue: string;
  /** Waiting or being handled. */
  ready: number;
  /** Waiting for their next try. */
  retrying: number;
  dead: number;
}

/** Rejection of `send` for a message that no queue is bound for (AMQP: returned as unroutable). */
export class UnroutableError extends Error {
  override readonly name = 'UnroutableError';
  readonly exchange: string;
  readonly routingKey: string;
  constructor(exchange: string, routingKey: string) {
    super(`no queue is bound to exchange "${exchange}" for routing key "${routingKey}"`);
    this.exchange = exchange;
    this.routingKey = routingKey;
  }
}

/**
 * A queue of work (RabbitMQ's model).
 *
 * - `send` resolves when the broker has confirmed every message, rejects with {@link UnroutableError} when one has no queue, and rejects after the confirm
 *   time-out when nothing is heard: the caller sends again with the same id. Adapters with `durable: false` confirm when the task has been handled or parked.
 * - A message that is too large is refused with `MessageTooLargeError`, and so is the call it is in: nothing of it is sent.
 * - Delivery is at least once; consumers of one queue compete; no order is kept across retries.
 * - `broadcast` reaches every process that subscribed at that moment; nothing is stored. It never rejects as unroutable.
 */
export interface TaskQueue {
  readonly features: TaskQueueFeatures;
  /** How its consumers join the trace of a message. */
  readonly tracing: MessageTracing;
  declare(topology: QueueTopology): Promise<void>;
  /** `message.key` is the routing key. */
  send(exchange: string, messages: readonly Message[]): Promise<void>;
  /**
   * Of adapters with `durable: false`, where a task may kill the process that has to give it up: parks it in every queue it goes to, unhandled.
   * Resolves when it is kept. Others find and park such tasks themselves.
   */
  giveUp?(exchange: string, message: Message, why: GivenUp): Promise<void>;
  /** Sends to a fanout exchange. */
  broadcast(exchange: string, message: Message): Promise<void>;
  consume(options: ConsumeOptions): Promise<Subscription>;
  /** Every subscriber of a fanout exchange gets every message broadcast from now on. */
  subscribeBroadcast(exchange: string, handler: (message: Message) => void): Promise<Subscription>;
  depths(): Promise<readonly QueueDepth[]>;
  /** Tasks parked in `<queue>.dead`, oldest first. */
  parked(queue: string, limit: number): Promise<readonly ParkedMessage[]>;
  /** Moves parked tasks back to their queue with a fresh number of tries; resolves with their number. */
  replay(queue: string): Promise<number>;
  ready(): Promise<void>;
  /** Closes every subscription, then the connections. Idempotent; works while handlers run. */
  close(): Promise<void>;
}
