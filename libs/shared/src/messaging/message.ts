/** A message as adapters carry it. They never look inside `payload`. */
export interface Message {
  /** Unique for ever; effects are made once by it. */
  id: string;
  /** Event log: the partition key. Task queue: the routing key. */
  key: string;
  headers: Readonly<Record<string, string>>;
  payload: string;
}

/** One attempt to have a message handled. */
export interface Delivery {
  message: Message;
  /** Topic or queue. */
  source: string;
  /** Consumer group; for a queue, its name. */
  group: string;
  /** 1 for the first try; grows only with tries that count. */
  attempt: number;
  /** Aborted when the subscription closes and its drain deadline is over. */
  signal: AbortSignal;
}

/**
 * What becomes of a delivery:
 * `done`, it is acknowledged · `retry`, it comes again after `delayMs`, with `attempt + 1` unless `counts` is false (a backend was at fault, not the message) · `park`, it goes to `<topic>.dlq` or `<queue>.dead` with its reason.
 * A retry that is `early` may take long: a queue that is not durable gives the task back to its sender.
 * An ordered source (the log) holds back later messages of the same key meanwhile. A handler that rejects counts as `retry` with a short delay.
 */
export type Outcome = { kind: 'done' } | { kind: 'retry'; delayMs: number; reason: string; counts?: boolean; early?: boolean } | { kind: 'park'; reason: string };

export type DeliveryHandler = (delivery: Delivery) => Promise<Outcome>;

/** A running consumer. */
export interface Subscription {
  /** Takes no more, waits for handlers that run (bounded), gives back the rest. Idempotent. */
  close(): Promise<void>;
}

/** Why a message is parked without a consumer having asked for it. */
export interface GivenUp {
  attempts: number;
  reason: string;
}

/** A message that was given up on. */
export interface ParkedMessage extends ParkedView {
  message: Message;
}

/** What is told of one: its payload may be large, and hold data of people. */
export interface ParkedView {
  message: Pick<Message, 'id' | 'key'>;
  source: string;
  group: string;
  attempts: number;
  reason: string;
  parkedAt: Date;
}
