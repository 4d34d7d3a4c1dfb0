import { ProblemError, errorCode, isProblemError } from '@doubleshot/shared/errors';

const RETRY_AFTER_SECONDS = '1';

/** There was no connection: nothing listens there, there is no way to it, or nobody knows the name now. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

const UNREACHABLE = new Set([...NOT_CONNECTED, 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

const TIMED_OUT = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** The connection ended before an answer began. */
const RESET = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** What the client is told when the service named `module` gave no answer. */
export function upstreamProblem(module: string, error: Error): ProblemError {
  if (isProblemError(error)) return error;
  const code = errorCode(error) ?? '';
  if (UNREACHABLE.has(code)) return new ProblemError('unavailable', `${module} cannot be reached now.`, { headers: { 'Retry-After': RETRY_AFTER_SECONDS }, cause: error });
  if (TIMED_OUT.has(code)) return new ProblemError('upstream_timeout', `${module} did not answer in time.`, { cause: error });
  return new ProblemError('upstream_failed', `${module} broke off before it answered.`, { cause: error });
}

/** Too much is under way: nothing was sent on. With a hint when to come again. */
export function overloaded(detail: string): ProblemError {
  return new ProblemError('overloaded', detail, { headers: { 'Retry-After': RETRY_AFTER_SECONDS } });
}

export interface Attempt {
  method: string;
  sent: boolean;
  /** The service knows it again by a key that its operation declares, all of it is still at hand, and no byte of an answer came. */
  repeatable: boolean;
}

/** Whether the same request may be sent once more: nothing of it was sent, or the connection broke and doing it again changes nothing. */
export function mayRetry(error: Error, request: Attempt): boolean {
  const code = errorCode(error) ?? '';
  if (!request.sent) return NOT_CONNECTED.has(code);
  const safe = request.method === 'GET' || request.method === 'HEAD';
  return (safe || request.repeatable) && RESET.has(code);
}
