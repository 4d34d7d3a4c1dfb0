import { OPERATIONS, Problem, VERSION } from '@doubleshot/contracts';
import { createSchemaCollector, type JsonSchema } from './json-schemas.ts';
import { openApiPath, operationDocument } from './operation-document.ts';
import { problemCodesOf, problemExamples } from './problem-responses.ts';

const DESCRIPTION = [
  'One coffee shop. The same API whether the shop runs as a monolith or as microservices.',
  'Ids are UUIDs of version 7, money is integer cents, times are RFC 3339 in UTC.',
  'Errors are problem documents (RFC 9457): compare their `code`, which is stable.',
  'Every answer has an `X-Request-Id`; GET operations answer HEAD too.',
].join('\n\n');

const TAGS = [
  { name: 'auth', description: 'Register, log in, log out.' },
  { name: 'orders', description: 'The menu, and orders from placed to ready.' },
  { name: 'notifications', description: 'What the shop tells people.' },
];

/** An OpenAPI 3.1 document as plain data: its parts that are read by name. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string; license: object };
  servers: readonly object[];
  tags: readonly object[];
  /** Operation objects by path and lower-case method. */
  paths: Record<string, Record<string, object>>;
  components: { securitySchemes: Record<string, object>; schemas: Record<string, JsonSchema>; examples: Record<string, object> };
}

/** The API document, from the same schemas that validate requests. The same document every time. */
export function createOpenApiDocument(): OpenApiDocument {
  const schemas = createSchemaCollector('draft-2020-12');
  schemas.input(Problem);
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of OPERATIONS) {
    const path = openApiPath(operation.path);
    paths[path] = { ...paths[path], [operation.method]: operationDocument(operation, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Doubleshot',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The gateway that served this document.' }],
    tags: TAGS,
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `accessToken` of log-in.' },
      },
      schemas: schemas.components(),
      examples: problemExamples([...new Set(OPERATIONS.flatMap(problemCodesOf))]),
    },
  };
}
