import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { currentTraceId } from '../telemetry/traceparent.ts';
import { FIRST_SERVER_FAULT } from './http-semantics.ts';
import { problemAnswer, problemOf, type ProblemParts } from './problem-document.ts';
import { setResponseProblem } from './response-problem.ts';

/** Answers with a problem document. When an answer has begun already the connection is cut instead: the client must not take it for whole. */
export function sendProblem(response: ServerResponse, problem: ProblemParts): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  setResponseProblem(response, problem.code);
  const answer = problemAnswer(problem, currentTraceId());
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** Answers with the problem of an error and logs what is our own fault, with the error. */
export function sendError(response: ServerResponse, error: unknown, logger: Logger): void {
  const problem = problemOf(error);
  if (problem.code === 'internal' || (response.headersSent && !response.destroyed)) logger.error({ err: problem.cause ?? error }, 'request failed');
  else if (problem.cause !== undefined && isServerFault(problem.code)) logger.warn({ err: problem.cause }, 'request could not be answered');
  sendProblem(response, problem);
}

function isServerFault(code: ProblemParts['code']): boolean {
  return problemAnswer({ code }).status >= FIRST_SERVER_FAULT;
}
