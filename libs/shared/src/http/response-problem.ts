import type { ServerResponse } from 'node:http';
import type { ProblemCode } from '@doubleshot/contracts';

const problems = new WeakMap<ServerResponse, ProblemCode>();

/** Notes with which problem a request was answered, for the log line. */
export function setResponseProblem(response: ServerResponse, code: ProblemCode): void {
  problems.set(response, code);
}

export function responseProblem(response: ServerResponse): ProblemCode | undefined {
  return problems.get(response);
}
