import { DatabaseUnavailableError } from './database.ts';

// Class 08 connection, 53 out of resources, 57P0x shutting down, 58 system error; 57014 the statement ran out of its time, 55P03 waiting for a lock did; 25006 a standby answered.
const UNAVAILABLE_SQLSTATE = /^(08...|53...|57P0.|58...|57014|55P03|25006)$/;

const UNAVAILABLE_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
]);

// The driver reports these without a code.
const UNAVAILABLE_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|not queryable|Client was closed|after calling end on the pool|SSL connection/;

/** The SQLSTATE of an error from PostgreSQL, `undefined` for any other. The source of the codes: PostgreSQL manual, appendix A. */
export function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && error instanceof Error && 'severity' in error ? code : undefined;
}

/** Whether a statement failed on a unique index or primary key (23505); with `constraint`, on that one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== '23505') return false;
  return constraint === undefined || (error as { constraint?: unknown }).constraint === constraint;
}

/** Whether the server could not be used, as opposed to it refusing one statement. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true;
  const code = codeOf(error);
  if (code !== undefined && UNAVAILABLE_SYSTEM_CODES.has(code)) return true;
  const state = sqlState(error);
  if (state !== undefined) return UNAVAILABLE_SQLSTATE.test(state);
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return error instanceof Error && UNAVAILABLE_MESSAGES.test(error.message);
}

/** The error that callers see: connection faults as {@link DatabaseUnavailableError}, everything else as it is. */
export function translateError(error: unknown): unknown {
  if (error instanceof DatabaseUnavailableError || !isUnavailable(error)) return error;
  return new DatabaseUnavailableError(error instanceof Error && error.message !== '' ? error.message : 'the database cannot be reached', { cause: error });
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
