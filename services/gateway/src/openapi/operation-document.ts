import type { Operation, SuccessResponse } from '@doubleshot/contracts';
import type { z } from 'zod';
import { EXAMPLES } from './examples.ts';
import type { SchemaCollector } from './json-schemas.ts';
import { describeHeaders, problemResponses } from './problem-responses.ts';

/** Every answer names the request, for whoever asks about it. */
const OF_EVERY_ANSWER = { 'X-Request-Id': 'Names this request in the logs; what the client sent, if it did.' };

/** An Express path as OpenAPI writes it: `/orders/:id` → `/orders/{id}`. */
export function openApiPath(path: string): string {
  return path.replace(/:([A-Za-z]+)/g, '{$1}');
}

/** The Operation Object (OpenAPI 3.1 §4.8.10). */
export function operationDocument(operation: Operation, schemas: SchemaCollector): object {
  const { request, access } = operation;
  const body = requestBody(operation, schemas);
  return {
    operationId: operation.id,
    tags: [operation.module],
    summary: operation.summary,
    description: operation.description ?? `${operation.summary}.`,
    security: access === 'public' ? [] : [{ bearer: [] }],
    parameters: [
      ...parameters('path', request.params, schemas),
      ...parameters('query', request.query, schemas),
      ...parameters('header', request.headers, schemas, Object.keys(operation.requiredHeaders ?? {})),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...successResponses(operation, schemas), ...problemResponses(operation) },
  };
}

function parameters(place: 'path' | 'query' | 'header', schema: z.ZodObject | undefined, schemas: SchemaCollector, required: readonly string[] = []): object[] {
  if (schema === undefined) return [];
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType;
    const { description, ...rest } = schemas.output(type);
    const meaning = description ?? type.meta()?.description;
    return {
      name: place === 'header' ? headerName(name) : name,
      in: place,
      required: place === 'path' || required.includes(name) || !type.safeParse(undefined).success,
      ...(meaning === undefined ? {} : { description: meaning }),
      schema: rest,
    };
  });
}

/** `if-none-match` → `If-None-Match`. */
function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function requestBody({ id, request }: Operation, schemas: SchemaCollector): object | undefined {
  if (request.body === undefined) return undefined;
  const example = EXAMPLES[id]?.request;
  return {
    required: !request.body.safeParse(undefined).success,
    content: { 'application/json': { schema: schemas.input(request.body), ...(example === undefined ? {} : { example }) } },
  };
}

function successResponses({ id, responses }: Operation, schemas: SchemaCollector): Record<string, object> {
  return Object.fromEntries(Object.entries(responses).map(([status, response]) => [status, successResponse(response, EXAMPLES[id]?.response, schemas)]));
}

function successResponse(response: SuccessResponse, example: unknown, schemas: SchemaCollector): object {
  const { description, body, headers, mediaType = 'application/json' } = response;
  return {
    description,
    headers: describeHeaders({ ...headers, ...OF_EVERY_ANSWER }),
    ...(body === undefined ? {} : { content: { [mediaType]: { schema: schemas.input(body), ...(example === undefined ? {} : { example }) } } }),
  };
}
