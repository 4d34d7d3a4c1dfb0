import type { IncomingHttpHeaders } from 'node:http';
import type { FieldError, Operation } from '@doubleshot/contracts';
import type { z } from 'zod';
import { ProblemError } from '../errors/problem-error.ts';

/** More would tell nobody more. */
const MOST_FIELD_ERRORS = 20;

export interface RequestParts {
  params: unknown;
  query: unknown;
  headers: unknown;
  body: unknown;
}

/**
 * Validates the parts of a request that its operation has schemas for; the others come out `undefined`.
 * Throws a `ProblemError` `validation_failed` with every field that is wrong (the first 20), or the problem of a required header that is absent.
 */
export function validateRequest(operation: Operation, given: RequestParts & { headers: IncomingHttpHeaders }): RequestParts {
  const { request: schemas } = operation;
  const errors: FieldError[] = [];
  const parts = {
    params: schemas.params && validate(schemas.params, given.params, { where: 'path', errors }),
    query: schemas.query && validate(schemas.query, given.query, { where: 'query', errors }),
    headers: schemas.headers && validate(schemas.headers, given.headers, { where: 'header', errors }),
    body: schemas.body && validate(schemas.body, given.body, { where: 'body', errors }),
  };
  if (errors.length > 0) throw new ProblemError('validation_failed', undefined, { errors: errors.slice(0, MOST_FIELD_ERRORS) });
  for (const [name, code] of Object.entries(operation.requiredHeaders ?? {})) if (given.headers[name] === undefined) throw new ProblemError(code);
  return parts;
}

function validate(schema: z.ZodType, value: unknown, { where, errors }: { where: FieldError['in']; errors: FieldError[] }): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) errors.push(...fieldErrors(issue, where));
  return undefined;
}

function fieldErrors(issue: z.core.$ZodIssue, where: FieldError['in']): FieldError[] {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  const message = issue.code === 'unrecognized_keys' ? 'is not known here' : issue.message;
  return paths.slice(0, MOST_FIELD_ERRORS).map((path) => ({ in: where, at: where === 'body' ? jsonPointer(path) : String(path[0] ?? ''), message }));
}

/** RFC 6901 */
function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
