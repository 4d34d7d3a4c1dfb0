import type { IncomingMessage } from 'node:http';
import type { ProblemParts } from './problem-document.ts';

const LONGEST_URL_CHARACTERS = 4_096;

/** What is wrong with the head of a request before anything looks at it: no `Host` (RFC 9112 §3.2), a target too long or not a path. */
export function headFault({ url = '', headers, httpVersion }: IncomingMessage): ProblemParts | undefined {
  if (headers.host === undefined && httpVersion === '1.1') return { code: 'malformed_request', detail: 'The Host header is missing.' };
  if (url.length > LONGEST_URL_CHARACTERS) return { code: 'uri_too_long' };
  if (!url.startsWith('/') || url.startsWith('//')) return { code: 'malformed_request', detail: 'The request target must be a path.' };
  return undefined;
}
