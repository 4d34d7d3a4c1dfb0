import type { z } from 'zod';
import type { Manifest } from '../../../deploy/k8s/manifest.ts';
import { Refusal } from './refusal.ts';

/** An object as the rehearsal understands it; a {@link Refusal} names whatever it does not. */
export function readObject<Schema extends z.ZodType>(schema: Schema, object: Manifest): z.output<Schema> {
  const { success, data, error } = schema.safeParse(object);
  if (success) return data;
  throw new Refusal(nameOf(object), error.issues.map(described).join('; '));
}

/** For messages. */
export function nameOf({ kind, metadata: { namespace, name } }: Manifest): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function described(issue: z.core.$ZodIssue): string {
  const where = issue.path.join('.');
  return issue.code === 'unrecognized_keys' ? `the rehearsal does not know ${issue.keys.map((key) => `${where}.${key}`).join(', ')}` : `${where}: ${issue.message}`;
}
