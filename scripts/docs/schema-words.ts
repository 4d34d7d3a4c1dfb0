import type { JsonSchema } from '@doubleshot/gateway';

/** A JSON Schema in a few words, for a cell of a table. */
export function schemaWords(schema: JsonSchema): string {
  const { $ref, type, format, items, const: constant, enum: values, anyOf, oneOf } = schema;
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? '';
  if (constant !== undefined) return `\`${JSON.stringify(constant)}\``;
  if (Array.isArray(values)) return values.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return choices.map((choice) => schemaWords(choice as JsonSchema)).join(' or ');
  if (type === 'array') return `list of ${schemaWords((items ?? {}) as JsonSchema)}`;
  if (type === 'object') return objectWords(schema);
  return [type, typeof format === 'string' && `(${format})`].filter((word) => typeof word === 'string').join(' ');
}

function objectWords({ properties }: JsonSchema): string {
  const fields = Object.entries((properties ?? {}) as Record<string, JsonSchema>);
  return `{ ${fields.map(([name, field]) => `${name}: ${schemaWords(field)}`).join(', ')} }`;
}
