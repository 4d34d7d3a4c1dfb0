import { PROBLEMS, type ProblemCode } from '@doubleshot/contracts';
import type { ProblemError } from './problem-error.ts';

/** The `code` of an error (a problem code, an SQLSTATE, a Node.js system code), if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether an error is an expected failure. Compares by name and code, so that it holds across bundles. */
export function isProblemError(error: unknown): error is ProblemError {
  return error instanceof Error && error.name === 'ProblemError' && (errorCode(error) ?? '') in PROBLEMS;
}

/** Whether an error is the expected failure `code`. */
export function isProblem(error: unknown, code: ProblemCode): error is ProblemError {
  return isProblemError(error) && error.code === code;
}

/** Whether an error says that the database could not be reached in time. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === 'DatabaseUnavailableError';
}
