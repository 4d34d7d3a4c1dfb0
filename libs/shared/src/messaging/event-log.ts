import type { DeliveryHandler, GivenUp, Message, ParkedMessage, Subscription } from './message.ts';
import type { MessageTracing } from './tracing.ts';

/** A topic as it must exist before anything is published to it. */
export interface TopicDeclaration {
  name: string;
  partitions: number;
}

/** What an adapter may do differently; the contract suite reads it. */
export interface EventLogFeatures {
  /** `messaging.system` of its spans. */
  system: string;
  /** Records survive the end of every process. */
  durable: boolean;
  /** Several processes may share one log. */
  multiProcess: boolean;
}

export interface SubscribeOptions {
  /** Name of the consumer group. Each group gets every record; within a group each record goes to one member. */
  group: string;
  topics: readonly string[];
  handler: DeliveryHandler;
}

/**
 * A log of facts (Kafka's model).
 *
 * - `publish` resolves once every message is stored durably, in the order given for equal keys; it rejects if any may not be.
 *   Adapters with `durable: false` resolve when every group has handled the messages, so that the caller's own copy (its outbox) stands in.
 * - A message that is too large is refused with `MessageTooLargeError`, and so is the call it is in: nothing of it is stored.
 * - Delivery is at least once. Messages of one topic with equal keys are handled one after another, in order: the next waits for the outcome of the one before.
 * - A new group reads from the beginning.
 * - Publishing to or subscribing to a topic that was not declared rejects.
 */
export interface EventLog {
  readonly features: EventLogFeatures;
  /** How its consumers join the trace of a message. */
  readonly tracing: MessageTracing;
  /** Creates what is missing; does nothing for what exists. */
  declare(topics: readonly TopicDeclaration[]): Promise<void>;
  publish(topic: string, messages: readonly Message[]): Promise<void>;
  /**
   * Of adapters with `durable: false`, where a message may kill the process that has to give it up: publishes it as parked by every group, unhandled.
   * Resolves when it is kept. Others find and park such messages themselves.
   */
  giveUp?(topic: string, message: Message, why: GivenUp): Promise<void>;
  /** Resolves when deliveries may begin. The caller closes the subscription; closing lets handlers that run finish. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Records not yet handled, by group and topic. */
  lag(): Promise<readonly { group: string; topic: string; lag: number }[]>;
  /** Messages parked in `<topic>.dlq`, oldest first. */
  parked(topic: string, limit: number): Promise<readonly ParkedMessage[]>;
  /** Hands parked messages to the group that parked them again; resolves with their number. */
  replay(topic: string): Promise<number>;
  /** Resolves if the log can be used now, rejects with the reason if not. */
  ready(): Promise<void>;
  /** Closes every subscription, then the connections. Idempotent; works while handlers run. */
  close(): Promise<void>;
}
