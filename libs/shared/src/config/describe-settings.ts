import type { z } from 'zod';

/** One variable as a reader of documentation needs it. */
export interface SettingDescription {
  variable: string;
  description: string;
  /** The text of the default, or `undefined` when there is none. */
  default: string | undefined;
  required: boolean;
}

/** Describes each variable of a shape from the `.describe()` and the default of its schema. */
export function describeSettings(shape: z.ZodRawShape): SettingDescription[] {
  return Object.entries(shape).map(([variable, schema]) => {
    const missing = (schema as z.ZodType).safeParse(undefined);
    return {
      variable,
      description: descriptionOf(schema as z.ZodType),
      default: missing.success && missing.data !== undefined ? textOf(missing.data) : undefined,
      required: !missing.success,
    };
  });
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

// Wrappers (default, optional, pipe) do not pass on the description of what they wrap.
function descriptionOf(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description;
  const def = schema.def as { innerType?: z.ZodType; in?: z.ZodType };
  const inner = def.innerType ?? def.in;
  return inner === undefined ? '' : descriptionOf(inner);
}
