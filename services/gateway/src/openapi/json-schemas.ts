import { z } from 'zod';

/** A JSON Schema, as plain data. */
export type JsonSchema = Record<string, unknown>;

/** Turns zod schemas into JSON Schemas; those with a meta `id` become components and are referred to. */
export interface SchemaCollector {
  /** What may be sent: a default makes a field optional, unknown fields are allowed where the schema drops them. */
  input(schema: z.ZodType): JsonSchema;
  /** What a value is after parsing: query parameters as numbers, not as text. */
  output(schema: z.ZodType): JsonSchema;
  /** Every component met so far, by id in alphabetical order. */
  components(): Record<string, JsonSchema>;
}

/** OpenAPI 3.1 is written in draft 2020-12, AsyncAPI 3 in draft 7. */
export type JsonSchemaDialect = 'draft-2020-12' | 'draft-7';

const COMPONENTS = '#/components/schemas/';

/** Character classes that need the `u` flag, which many readers of JSON Schema do not set, as ranges. Lone surrogates are left to the server. */
const PORTABLE_CLASSES = [
  ['\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f'],
  ['\\p{Cs}', ''],
] as const;

export function createSchemaCollector(dialect: JsonSchemaDialect): SchemaCollector {
  const components = new Map<string, JsonSchema>();

  function collect(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const whole: JsonSchema = z.toJSONSchema(schema, { io, target: dialect, override: ({ jsonSchema }) => simplify(jsonSchema as JsonSchema) });
    // A schema with an id is a definition of its own already; then the root is no more than a reference to it.
    const { $schema: _dialect, $defs, definitions, ...root } = pointToComponents(whole) as JsonSchema;
    for (const [name, definition] of Object.entries(($defs ?? definitions ?? {}) as Record<string, JsonSchema>)) {
      const { id: _definitionId, ...rest } = definition;
      components.set(name, rest);
    }
    return root;
  }

  return {
    input: (schema) => collect(schema, 'input'),
    output: (schema) => collect(schema, 'output'),
    components: () => Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Leaves out what says nothing to a reader: bounds of safe integers, the long pattern behind a well-known format. */
function simplify(schema: JsonSchema): void {
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['format'] === 'date-time' || schema['format'] === 'email') delete schema['pattern'];
  const { pattern } = schema;
  if (typeof pattern === 'string') schema['pattern'] = PORTABLE_CLASSES.reduce((text, [from, to]) => text.replaceAll(from, to), pattern);
  if ('example' in schema) {
    schema['examples'] = [schema['example']];
    delete schema['example'];
  }
}

function pointToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointToComponents);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace(/^#\/(?:\$defs|definitions)\//, COMPONENTS) : pointToComponents(inner),
    ]),
  );
}
