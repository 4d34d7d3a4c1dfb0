import type { Database } from '../../database/database.ts';
import type { ParkedMessage } from '../message.ts';
import { createDatabaseParkedStore } from './database-parked-store.ts';
import { createMemoryParkedStore } from './memory-parked-store.ts';

/** Where the adapters of one process keep what they gave up on, one copy for each source, group and message. */
export interface ParkedStore {
  /** Makes what is missing, and lists again what a process that is gone took. */
  declare(): Promise<void>;
  /** Keeps a message, durably if the store is. Parked again, it has the newer reason and is listed. */
  park(parked: ParkedMessage): Promise<void>;
  /** Oldest first. */
  list(source: string, limit: number): Promise<readonly ParkedMessage[]>;
  /** How many are listed for each source that has some. */
  counts(): Promise<ReadonlyMap<string, number>>;
  /** Hands out what is listed, to be handled again. It stays, unlisted, until it is removed or parked again. */
  take(source: string): Promise<readonly ParkedMessage[]>;
  remove(parked: ParkedMessage): Promise<void>;
}

/** Without a database parked messages live as long as the process. */
export function createParkedStore(database: Database | undefined): ParkedStore {
  return database === undefined ? createMemoryParkedStore() : createDatabaseParkedStore(database);
}
