import type { SqlStatement } from '../database/database.ts';

/** A module's inbox table, `<schema>.inbox`: the ids of messages whose effect is committed. */
export interface Inbox {
  /**
   * Runs `statement`, which records (`consumer`, `messageId`) and has the effect of the message: both are committed once, however often the message comes, in one
   * round trip. It begins with `WITH ${recordedOnce(schema)}`, takes the two as $1 and $2 and `values` from $3 on, makes whatever it does depend on `recorded`, and
   * selects one row from there. Answers that row, or `undefined` for a message that came before. Concurrent calls for one message wait for each other.
   */
  once<Row extends object>(consumer: string, messageId: string, statement: SqlStatement, values: readonly unknown[]): Promise<Row | undefined>;
  /** For effects outside the database (an e-mail), which are recorded behind them: whether the message was recorded already. */
  seen(consumer: string, messageId: string): Promise<boolean>;
  /** Removes rows of messages that were handled 30 days ago, in batches; resolves with how many. To be called now and then, by as many processes as like. */
  trim(): Promise<number>;
}
