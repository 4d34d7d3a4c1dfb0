import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';

/** The parts of JSON Schema that the contracts use. */
interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

export interface KnownValues {
  /** Ids that exist, or might. */
  ids: readonly string[];
  emails: readonly string[];
}

const TEXT_LENGTH = 60;
const ITEMS = 4;

/** Values that a schema accepts, as far as JSON Schema tells: the ids and addresses among them are known ones now and then. */
export function arbitraryOf(schema: z.ZodType, known: KnownValues): Arbitrary<unknown> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return arbitraryOfJson(json, known, json.$defs ?? {});
}

function arbitraryOfJson(schema: JsonSchema, known: KnownValues, definitions: Record<string, JsonSchema>): Arbitrary<unknown> {
  const inner = (one: JsonSchema): Arbitrary<unknown> => arbitraryOfJson(one, known, definitions);
  if (schema.$ref !== undefined) return inner(definitions[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(inner));
  return (OF_TYPE[schema.type ?? ''] ?? anything)(schema, { known, inner });
}

interface Context {
  known: KnownValues;
  inner: (schema: JsonSchema) => Arbitrary<unknown>;
}

const OF_TYPE: Readonly<Record<string, (schema: JsonSchema, context: Context) => Arbitrary<unknown>>> = {
  object: ({ properties = {}, required = [] }, { inner }) => fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, inner(field)])),
    { requiredKeys: required },
  ),
  array: ({ items = {}, minItems = 0, maxItems = ITEMS }, { inner }) => fc.array(inner(items), { minLength: minItems, maxLength: Math.min(maxItems, ITEMS) }),
  integer: arbitraryNumber,
  number: arbitraryNumber,
  boolean: () => fc.boolean(),
  string: (schema, { known }) => arbitraryText(schema, known),
};

function anything(): Arbitrary<unknown> {
  return fc.jsonValue({ maxDepth: 2 });
}

function arbitraryNumber({ minimum = -1_000, maximum = 1_000 }: JsonSchema): Arbitrary<number> {
  return fc.integer({ min: Math.max(minimum, -1_000_000), max: Math.min(maximum, 1_000_000) });
}

function arbitraryText({ format, minLength = 0, maxLength = TEXT_LENGTH }: JsonSchema, known: KnownValues): Arbitrary<string> {
  if (format === 'uuid') return fc.constantFrom(...known.ids);
  if (format === 'email') return fc.oneof(fc.constantFrom(...known.emails), fc.nat().map((name) => `${name}@property.example`));
  return fc.string({ minLength, maxLength: Math.min(maxLength, Math.max(minLength, TEXT_LENGTH)), unit: 'grapheme' });
}
