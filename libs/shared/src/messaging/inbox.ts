import type { Transaction } from '../database/database.ts';

/** A module's inbox table, `<schema>.inbox`: the ids of messages whose effect is committed. */
export interface Inbox {
  /**
   * Runs `effect` in a transaction that also records (`consumer`, `messageId`): the effect is committed once, however often the message comes.
   * Resolves `'handled'`, or `'duplicate'` without running `effect`. Concurrent calls for one message wait for each other.
   */
  once(consumer: string, messageId: string, effect: (transaction: Transaction) => Promise<void>): Promise<'handled' | 'duplicate'>;
  /** For effects outside the database (an e-mail): whether the message was recorded already. */
  seen(consumer: string, messageId: string): Promise<boolean>;
  /** Records a message whose effect lies outside the database, after the effect. */
  record(consumer: string, messageId: string): Promise<void>;
}
