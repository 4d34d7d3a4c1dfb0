import pg from 'pg';
import type { Attributes } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { DatabaseUnavailableError } from './database.ts';
import { translateError } from './database-errors.ts';
import { measurePool } from './pool-metrics.ts';
import { serverAttributes, withStatementSpan } from './statement-span.ts';

/** How long a caller waits for a connection: less than the second within which a client must be told that the database is down. */
export const ACQUIRE_TIMEOUT_MS = 800;
/**
 * How long a connection may take to be made. Longer than anybody waits for it: one that comes late serves the next caller. Given up with its caller it would be begun anew
 * for each, and a machine that is short of time for a moment would never get one done.
 */
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS = 3_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;
const IDLE_CONNECTION_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_DELAY_MS = 5_000;
const LONGEST_LOGGED_STATEMENT = 200;
const NS_PER_MS = 1e6;

export interface PoolOptions {
  url: string;
  poolSize: number;
  applicationName: string;
  logger: Logger;
  /** Where the use of the pool is told; one pool for each registry. */
  metrics?: Registry;
  /** How long a caller waits for a connection; {@link ACQUIRE_TIMEOUT_MS} unless told. */
  acquireTimeoutMs?: number;
  /** Server settings of each session, over {@link SESSION_SETTINGS}. */
  settings?: Readonly<Record<string, string>>;
}

/** Rows are few and near: with the default costs tables that were never analyzed are read by bitmap and sorted instead of along their index. */
const SESSION_SETTINGS = { random_page_cost: '1.1', jit: 'off' };

/** One statement as the driver takes it. `timeoutMs` bounds the wait for its answer, also when the server is frozen. */
export interface Statement {
  text: string;
  name?: string;
  values?: readonly unknown[];
  timeoutMs: number;
}

/** A connection taken from the pool. */
export interface Connection {
  run(statement: Statement): Promise<{ command: string; rows: readonly object[] }>;
  /** Gives it back; with `broken`, closes it instead. */
  release(broken: boolean): void;
}

export interface Pool {
  /** Rejects with `DatabaseUnavailableError` when there is none within the pool's time, or within `mostMs`. */
  acquire(mostMs: number): Promise<Connection>;
  end(): Promise<void>;
}

/** A pool of connections with every time-out set. A connection that breaks while idle is dropped, not thrown. */
export function createPool(options: PoolOptions): Pool {
  const acquireTimeoutMs = options.acquireTimeoutMs ?? ACQUIRE_TIMEOUT_MS;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_CONNECTION_TIMEOUT_MS,
    options: Object.entries({ ...SESSION_SETTINGS, ...options.settings }).map(([name, value]) => `-c ${name}=${value}`).join(' '),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  });
  // Not the error itself: the driver hangs the whole client, password and all, on it.
  pool.on('error', ({ message }) => { options.logger.warn({ reason: message }, 'idle database connection lost'); });
  if (options.metrics !== undefined) measurePool(pool, options.metrics);
  const server = serverAttributes(options.url);
  const acquire = async (): Promise<Connection> => {
    try {
      return connectionOf(await pool.connect(), { logger: options.logger, server });
    } catch (error) {
      throw translateError(error);
    }
  };
  return {
    // As a rule one is idle that no earlier caller gets, and nobody has to wait.
    acquire: (mostMs) => (pool.idleCount > pool.waitingCount ? acquire() : within(acquire(), Math.min(mostMs, acquireTimeoutMs))),
    end: () => pool.end(),
  };
}

async function within(acquiring: Promise<Connection>, ms: number): Promise<Connection> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => { timer = setTimeout(() => { resolve(undefined); }, ms); });
  const connection = await Promise.race([acquiring, late]).finally(() => { clearTimeout(timer); });
  if (connection !== undefined) return connection;
  // Nobody waits for it any more when it comes.
  acquiring.then((unused) => { unused.release(false); }, () => undefined);
  throw new DatabaseUnavailableError('no database connection was free in time');
}

function connectionOf(client: pg.PoolClient, { logger, server }: { logger: Logger; server: Attributes }): Connection {
  // Without a listener a connection that dies while we hold it would end the process; the running statement rejects anyway.
  let lost = false;
  const onError = (): void => { lost = true; };
  client.on('error', onError);
  return {
    run: async ({ text, name, values, timeoutMs }) => {
      const tracedFromMs = logger.isLevelEnabled('trace') ? performance.now() : undefined;
      try {
        const named = { text, ...(name !== undefined && { name }) };
        const config = { ...named, query_timeout: timeoutMs, ...(values !== undefined && { values: [...values] }) };
        return gathered(await withStatementSpan(named, server, () => client.query<object>(config)));
      } catch (error) {
        throw translateError(error);
      } finally {
        if (tracedFromMs !== undefined) traceStatement(logger, name ?? text, tracedFromMs);
      }
    },
    release: (broken) => {
      client.off('error', onError);
      client.release(broken || lost);
    },
  };
}

/** Without its values: they are what people typed. */
function traceStatement(logger: Logger, statement: string, fromMs: number): void {
  logger.trace({ db: { statement: statement.slice(0, LONGEST_LOGGED_STATEMENT) }, event: { duration: Math.round((performance.now() - fromMs) * NS_PER_MS) } }, 'statement');
}

/** Several statements in one text answer with a list: the rows of all, the command of the last. */
function gathered(result: pg.QueryResult<object> | pg.QueryResult<object>[]): { command: string; rows: readonly object[] } {
  if (!Array.isArray(result)) return result;
  return { command: result.at(-1)?.command ?? '', rows: result.flatMap(({ rows }) => rows) };
}
