import type { SqlExecutor } from '@doubleshot/shared/database';
import type { Logger } from '@doubleshot/shared/logging';
import type { Inbox } from '@doubleshot/shared/messaging';
import { createPeriodic, type Periodic } from '@doubleshot/shared/runtime';
import { forgetOldOrders } from './facts/order-versions.ts';

const INTERVAL_MS = 60_000;

export interface RetentionTimersOptions {
  inbox: Pick<Inbox, 'trim'>;
  database: SqlExecutor;
  logger: Logger;
}

/** Deletes now and then what only late copies of messages would ask for. */
export function createRetentionTimers({ inbox, database, logger }: RetentionTimersOptions): readonly Periodic[] {
  const warn = (what: string) => (error: unknown): void => { logger.warn({ err: error }, what); };
  return [
    createPeriodic({ intervalMs: INTERVAL_MS, work: inbox.trim, onError: warn('old rows of the inbox could not be deleted') }),
    createPeriodic({ intervalMs: INTERVAL_MS, work: () => forgetOldOrders(database), onError: warn('old versions of orders could not be deleted') }),
  ];
}
