import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { DatabaseUnavailableError, REQUEST_DEADLINE_MS, type Database, type Deadline, type Migration, type SqlStatement, type Transaction } from './database.ts';
import { isUnavailable } from './database-errors.ts';
import { applyMigrations } from './migrate.ts';
import { createPool, type Connection, type Pool, type Statement } from './pool.ts';
import { passStatement, stepNameOf } from './statement-steps.ts';

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
  /** Where the use of the pool is told; one database for each registry. */
  metrics?: Registry;
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
  const deadlineMs = options.statementDeadlineMs ?? REQUEST_DEADLINE_MS;
  let closed: Promise<void> | undefined;
  const database: Database = {
    query: (statement, values, deadline) => single(pool, deadline?.deadlineMs ?? deadlineMs, { statement, values }),
    transaction: (work, deadline) => inTransaction(pool, work, deadline),
    migrate: (schema, migrations) => migrate(pool, schema, migrations),
    ready: async () => {
      await single(pool, REQUEST_DEADLINE_MS, { statement: 'SELECT 1', values: undefined });
    },
    close: () => (closed ??= pool.end()),
  };
  return database;
}

async function single<Row extends object>(
  pool: Pool,
  deadlineMs: number,
  { statement, values }: { statement: SqlStatement; values: readonly unknown[] | undefined },
): Promise<readonly Row[]> {
  const leftMs = countdown(deadlineMs);
  const connection = await pool.acquire(leftMs());
  const step = stepNameOf(statement);
  let broken = false;
  try {
    passStatement('before', step);
    const { rows } = await connection.run({ ...asStatement(statement, values), timeoutMs: Math.max(leftMs(), LEAST_STATEMENT_MS) });
    passStatement('after', step);
    return rows as readonly Row[];
  } catch (error) {
    // A script of several statements may have failed between its own BEGIN and COMMIT.
    broken = isUnavailable(error) || (typeof statement === 'string' && values === undefined);
    throw error;
  } finally {
    connection.release(broken);
  }
}

/** Milliseconds that are left, whole. */
function countdown(totalMs: number): () => number {
  const startedMs = performance.now();
  return () => totalMs - Math.ceil(performance.now() - startedMs);
}

interface TransactionLimits extends Deadline {
  /** Longest wait for the answer of one statement. */
  statementMs?: number;
}

async function inTransaction<T>(
  pool: Pool,
  work: (transaction: Transaction) => Promise<T>,
  { deadlineMs = Infinity, statementMs = TRANSACTION_STATEMENT_TIMEOUT_MS }: TransactionLimits = {},
): Promise<T> {
  const leftMs = countdown(deadlineMs);
  const connection = await pool.acquire(leftMs());
  const execute = (statement: Omit<Statement, 'timeoutMs'>, mostMs: number): ReturnType<Connection['run']> => {
    const timeoutMs = Math.min(mostMs, leftMs());
    return timeoutMs > 0 ? connection.run({ ...statement, timeoutMs }) : Promise.reject(new DatabaseUnavailableError('the transaction ran out of its time'));
  };
  let open = true;
  let broken = true;
  // Within a transaction the end of the process is a rollback wherever it comes: its one step is the commit, called by what it wrote first.
  let step: string | undefined;
  const transaction: Transaction = {
    isTransaction: true,
    query: async <Row extends object>(statement: SqlStatement, values?: readonly unknown[]) => {
      if (!open) throw new Error('the transaction is over');
      step ??= stepNameOf(statement);
      const { rows } = await execute(asStatement(statement, values), statementMs);
      return rows as readonly Row[];
    },
  };
  try {
    await execute({ text: 'BEGIN' }, REQUEST_DEADLINE_MS);
    const result = await work(transaction);
    open = false;
    passStatement('before commit of', step);
    const { command } = await execute({ text: 'COMMIT' }, statementMs);
    passStatement('after commit of', step);
    broken = false;
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements failed and the failure was swallowed');
    return result;
  } catch (error) {
    // A connection that is closed instead rolls back as well.
    if (broken && !(error instanceof DatabaseUnavailableError)) broken = await execute({ text: 'ROLLBACK' }, REQUEST_DEADLINE_MS).then(() => false, () => true);
    throw error;
  } finally {
    open = false;
    connection.release(broken);
  }
}

function asStatement(statement: SqlStatement, values: readonly unknown[] | undefined): Omit<Statement, 'timeoutMs'> {
  return { ...(typeof statement === 'string' ? { text: statement } : statement), ...(values === undefined ? {} : { values }) };
}

function migrate(pool: Pool, schema: string, migrations: readonly Migration[]): Promise<void> {
  return inTransaction(pool, (transaction) => applyMigrations(transaction, schema, migrations), { statementMs: MIGRATION_TIMEOUT_MS });
}
