/** The text of a statement; with `name` it is prepared once for each connection. */
export type SqlStatement = string | { name: string; text: string };

/** Runs SQL. Both the database (its pool, one connection for each call) and a transaction do. */
export interface SqlExecutor {
  /**
   * One statement.
   * Errors: a `DatabaseError` keeps PostgreSQL's SQLSTATE in `code`; when no connection is to be had in time, {@link DatabaseUnavailableError}.
   */
  query<Row extends object = Record<string, unknown>>(statement: SqlStatement, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** One connection between BEGIN and COMMIT. Usable only inside the callback that received it. */
export type Transaction = SqlExecutor & { readonly isTransaction: true };

/** A migration: applied once for each schema, in the order of the list, all in one transaction under an advisory lock. */
export interface Migration {
  /** Sortable and for ever, for example `001-create-orders`. */
  id: string;
  sql: string;
}

/** How long something may take in all, the wait for a connection included. When it is over: {@link DatabaseUnavailableError}. */
export interface Deadline {
  deadlineMs?: number;
}

/** What a request may spend on the database: a client is told within a second that it is away. */
export const REQUEST_DEADLINE_MS = 950;

/** A PostgreSQL database. Every time-out (connect, statement, lock, idle in transaction) is set. */
export interface Database extends SqlExecutor {
  /** As {@link SqlExecutor.query}, within {@link REQUEST_DEADLINE_MS} unless told. */
  query<Row extends object = Record<string, unknown>>(statement: SqlStatement, values?: readonly unknown[], deadline?: Deadline): Promise<readonly Row[]>;
  /**
   * Runs `work` between BEGIN and COMMIT (READ COMMITTED); rolls back when it rejects.
   * Without a deadline each statement may take 5.5 s, for a row lock may have to be waited for: what answers a request sets one.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, deadline?: Deadline): Promise<T>;
  /** Creates the schema and applies what is missing of `migrations`. Safe to run from several processes at once. */
  migrate(schema: string, migrations: readonly Migration[]): Promise<void>;
  /** Resolves if a trivial query answers within a second, rejects with the reason if not. */
  ready(): Promise<void>;
  /** Idempotent. Waits for queries that run. */
  close(): Promise<void>;
}

/** No connection could be had in time, or it broke while the statement ran: whether the statement took effect is unknown. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}
