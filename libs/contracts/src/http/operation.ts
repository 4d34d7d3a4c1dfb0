import type { z } from 'zod';
import type { ProblemCode } from './problems.ts';
import type { ModuleName } from './values.ts';

export type HttpMethod = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** Who may call: anybody, anybody with a valid token, or staff alone. */
export type Access = 'public' | 'authenticated' | 'staff';

/** One answer that is not an error. `body` is absent for an empty answer. */
export interface SuccessResponse {
  description: string;
  body?: z.ZodType;
  /** Media type of the body; JSON unless told. */
  mediaType?: string;
  /** Response headers worth knowing, name → meaning. */
  headers?: Record<string, string>;
}

/** The parts of a request that carry input. Header names are in lower case. A part without a schema is not looked at. */
export interface RequestSchemas {
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodType;
}

/**
 * One HTTP operation, declared once: the router, the validator, the client types and the OpenAPI document derive from it.
 * `path` is absolute as the client sees it, with Express parameters (`/api/v1/orders/:id`).
 */
export interface Operation {
  id: string;
  module: ModuleName;
  method: HttpMethod;
  path: string;
  access: Access;
  summary: string;
  description?: string;
  request: RequestSchemas;
  /** Headers that must be there, optional in the schema because their absence has a problem of its own: name in lower case → that problem. */
  requiredHeaders?: Readonly<Record<string, ProblemCode>>;
  responses: Record<number, SuccessResponse>;
  /** The causes of error this operation adds to those that every operation has. */
  problems: readonly ProblemCode[];
}

/** Keeps the literal types of an operation, so that handlers are typed by its schemas. */
export function defineOperation<const O extends Operation>(operation: O): O {
  return operation;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler of operation `O` receives after validation. */
export interface OperationInput<O extends Operation> {
  params: Parsed<O['request']['params']>;
  query: Parsed<O['request']['query']>;
  headers: Parsed<O['request']['headers']> & { [Name in keyof O['requiredHeaders']]: string };
  body: Parsed<O['request']['body']>;
}

/** The base path of the API. */
export const API_BASE = '/api/v1';
