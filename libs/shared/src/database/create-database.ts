import type { Logger } from 'pino';
import { DatabaseUnavailableError, type Database, type Migration, type SqlExecutor, type Transaction } from './database.ts';
import { isUnavailable } from './database-errors.ts';
import { applyMigrations } from './migrate.ts';
import { createPool, type Connection, type Pool } from './pool.ts';

/** Waiting for a connection and for the answer of a single statement together: a client is told within a second that the database is down. */
const SINGLE_STATEMENT_DEADLINE_MS = 950;
/** Inside a transaction a statement may take longer: a row lock may have to be waited for. */
const TRANSACTION_STATEMENT_TIMEOUT_MS = 5_500;
/** However long the connection took, a statement gets this long. */
const LEAST_STATEMENT_MS = 150;
const MIGRATION_TIMEOUT_MS = 120_000;

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  url: string;
  /** Most connections at once. */
  poolSize: number;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  logger: Logger;
  /** Longest wait for a connection. 800 ms unless told. */
  acquireTimeoutMs?: number;
  /** Longest wait for a single statement outside a transaction, connection included. 950 ms unless told. */
  statementDeadlineMs?: number;
  /** Server settings of each session. */
  settings?: Readonly<Record<string, string>>;
}

/**
 * Opens a pool on a PostgreSQL database. Connects with the first statement. Whoever creates it closes it.
 * `bigint` and `numeric` come as strings, `timestamptz` as `Date`, `jsonb` parsed (the driver's defaults).
 */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = createPool(options);
  const deadlineMs = options.statementDeadlineMs ?? SINGLE_STATEMENT_DEADLINE_MS;
  let closed: Promise<void> | undefined;
  const database: Database = {
    query: (statement, values) => single(pool, deadlineMs, { statement, values }),
    transaction: (work) => inTransaction(pool, work),
    migrate: (schema, migrations) => migrate(pool, schema, migrations),
    ready: async () => {
      await single(pool, SINGLE_STATEMENT_DEADLINE_MS, { statement: 'SELECT 1', values: undefined });
    },
    close: () => (closed ??= pool.end()),
  };
  return database;
}

type SqlStatement = Parameters<SqlExecutor['query']>[0];

async function single<Row extends object>(
  pool: Pool,
  deadlineMs: number,
  { statement, values }: { statement: SqlStatement; values: readonly unknown[] | undefined },
): Promise<readonly Row[]> {
  const startedMs = performance.now();
  const connection = await pool.acquire();
  const leftMs = Math.max(deadlineMs - Math.ceil(performance.now() - startedMs), LEAST_STATEMENT_MS);
  let broken = false;
  try {
    return await run<Row>(connection, { statement, values, timeoutMs: leftMs });
  } catch (error) {
    // A script of several statements may have failed between its own BEGIN and COMMIT.
    broken = isUnavailable(error) || (typeof statement === 'string' && values === undefined);
    throw error;
  } finally {
    connection.release(broken);
  }
}

async function run<Row extends object>(
  connection: Connection,
  { statement, values, timeoutMs }: { statement: SqlStatement; values: readonly unknown[] | undefined; timeoutMs: number },
): Promise<readonly Row[]> {
  const named = typeof statement === 'string' ? { text: statement } : statement;
  const { rows } = await connection.run({ ...named, ...(values === undefined ? {} : { values }), timeoutMs });
  return rows as readonly Row[];
}

async function inTransaction<T>(pool: Pool, work: (transaction: Transaction) => Promise<T>, timeoutMs = TRANSACTION_STATEMENT_TIMEOUT_MS): Promise<T> {
  const connection = await pool.acquire();
  let open = true;
  let broken = true;
  const transaction: Transaction = {
    isTransaction: true,
    query: (statement, values) => {
      if (!open) return Promise.reject(new Error('the transaction is over'));
      return run(connection, { statement, values, timeoutMs });
    },
  };
  try {
    await connection.run({ text: 'BEGIN', timeoutMs: SINGLE_STATEMENT_DEADLINE_MS });
    const result = await work(transaction);
    open = false;
    const { command } = await connection.run({ text: 'COMMIT', timeoutMs });
    broken = false;
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements failed and the failure was swallowed');
    return result;
  } catch (error) {
    if (broken && !(error instanceof DatabaseUnavailableError)) broken = !(await rolledBack(connection));
    throw error;
  } finally {
    open = false;
    connection.release(broken);
  }
}

async function rolledBack(connection: Connection): Promise<boolean> {
  try {
    await connection.run({ text: 'ROLLBACK', timeoutMs: SINGLE_STATEMENT_DEADLINE_MS });
    return true;
  } catch {
    return false;
  }
}

function migrate(pool: Pool, schema: string, migrations: readonly Migration[]): Promise<void> {
  return inTransaction(pool, (transaction) => applyMigrations(transaction, schema, migrations), MIGRATION_TIMEOUT_MS);
}
