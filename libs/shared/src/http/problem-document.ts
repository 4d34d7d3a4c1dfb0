import type { OutgoingHttpHeaders } from 'node:http';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type FieldError, type Problem, type ProblemCode } from '@doubleshot/contracts';
import { isDatabaseUnavailable, isProblemError } from '../errors/error-code.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { CHALLENGE } from '../security/bearer-token.ts';

const RETRY_AFTER_SECONDS = '1';
const UNAUTHORIZED = 401;

/** The problem that a client is told about for an error. What is not expected becomes `internal`, which says nothing. */
export function problemOf(error: unknown): ProblemError {
  if (isProblemError(error)) return error;
  if (isDatabaseUnavailable(error)) return new ProblemError('unavailable', undefined, { cause: error, headers: { 'Retry-After': RETRY_AFTER_SECONDS } });
  return new ProblemError('internal', undefined, { cause: error });
}

/** A complete answer that holds a problem document (RFC 9457). */
export interface ProblemAnswer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string;
}

export interface ProblemParts {
  code: ProblemCode;
  detail?: string | undefined;
  errors?: readonly FieldError[] | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Writes a problem as an answer. */
export function problemAnswer(problem: ProblemParts, traceId?: string): ProblemAnswer {
  const { status, title } = PROBLEMS[problem.code];
  const document: Problem = { type: `/problems/${problem.code}`, title, status, code: problem.code, detail: problem.detail ?? `${title}.` };
  if (traceId !== undefined) document.traceId = traceId;
  if (problem.errors !== undefined) document.errors = [...problem.errors];
  const body = JSON.stringify(document);
  // RFC 9110 §11.6.1: a 401 without a challenge is not allowed, whatever was wrong.
  const challenge = status === UNAUTHORIZED ? { 'WWW-Authenticate': CHALLENGE } : {};
  const headers = { 'Content-Type': PROBLEM_MEDIA_TYPE, 'Cache-Control': 'no-store', 'Content-Length': Buffer.byteLength(body), ...challenge, ...problem.headers };
  return { status, headers, body };
}
