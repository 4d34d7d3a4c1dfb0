import type { SqlExecutor } from '../database/database.ts';
import type { ParkedView } from './message.ts';

/** Where an outbox row goes: an event to a topic of the log, or a task to an exchange of the queue. */
export type OutboxTarget = 'event' | 'task';

/**
 * A message that waits in a module's outbox for the relay. Written in the same transaction as the change it reports.
 * Rows with equal `target`, `destination` and `key` leave in the order they were written when `target` is `event`.
 */
export interface OutboxRow {
  target: OutboxTarget;
  /** Topic or exchange. */
  destination: string;
  /** Partition key or routing key. */
  key: string;
  messageId: string;
  /** The CloudEvent as JSON text, validated against its schema. */
  payload: string;
  /** Carries `traceparent`, so that the relay continues the trace of the request that wrote the row. */
  headers: Readonly<Record<string, string>>;
}

/** A module's outbox table, `<schema>.outbox`. */
export interface Outbox {
  /** Inserts rows through the executor of a running transaction. */
  add(sql: SqlExecutor, rows: readonly OutboxRow[]): Promise<void>;
  /** The relay looks at once instead of at its next poll. Call it after commit; cheap, never throws. */
  wake(): void;
  depth(): Promise<{ rows: number; oldestAgeSeconds: number }>;
}

/** What an outbox gave up on. */
export interface ParkedRows {
  /** `outbox.<schema>`. */
  readonly source: string;
  /** Oldest first; `group` is the topic or exchange that each was for. */
  parked(limit: number): Promise<readonly ParkedView[]>;
  /** Has everything sent again, behind what waits in the outbox; resolves with its number. */
  replay(): Promise<number>;
}
