import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProblemCode } from '@doubleshot/contracts';
import { errorCode } from '../errors/error-code.ts';
import { problemAnswer } from './problem-document.ts';

/** Time for the answer to be read; who does not close then keeps nothing open. */
const LINGER_MS = 1_000;

/**
 * Answers what could not be parsed as HTTP with a problem document, written to the socket itself, and closes the connection, whatever the client does.
 * Answers which problem it told and with what status, or `undefined` when there is nobody to tell or an answer has begun already.
 */
export function answerClientError(error: Error, socket: Duplex): { code: ProblemCode; status: number } | undefined {
  if (!socket.writable || errorCode(error) === 'ECONNRESET' || answerHasBegun(socket)) {
    socket.destroy();
    return undefined;
  }
  const code = problemCodeOf(error);
  const { status, headers, body } = problemAnswer({ code });
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${String(value)}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n'));
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  return { code, status };
}

function problemCodeOf(error: Error): ProblemCode {
  const code = errorCode(error);
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 'payload_too_large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'malformed_request';
}

// Node.js keeps the response that is under way at its socket, without a public name for it.
function answerHasBegun(socket: Duplex): boolean {
  const { _httpMessage: response } = socket as Duplex & { _httpMessage?: { headersSent: boolean } | null };
  return response?.headersSent === true;
}
