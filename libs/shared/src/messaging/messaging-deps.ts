import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Database } from '../database/database.ts';
import type { MessageTracing } from './tracing.ts';

/** What an adapter needs beside its URL. */
export interface MessagingDeps {
  logger: Logger;
  metrics: Registry;
  /** Shown in the backend's list of connections. */
  clientName?: string;
  /** `parent-child` unless told. */
  tracing?: MessageTracing;
  /** How long closing a subscription waits for handlers that run. */
  drainDeadlineMs?: number;
  /** Where in-process adapters keep parked messages; without it they are lost with the process. Other adapters have a place of their own. */
  database?: Database;
  /** Most connections of a PostgreSQL adapter, listener not counted. */
  poolSize?: number;
}

/** Below the shutdown deadline of a process. */
export const DRAIN_DEADLINE_MS = 8_000;
