import { z } from 'zod';

/** `acknowledged`: 201 · `unknown`: no answer or 5xx, it may exist once · `refused`: 4xx or shed, it must not exist. */
export const Outcome = z.enum(['acknowledged', 'unknown', 'refused']);
export type Outcome = z.infer<typeof Outcome>;

/** Written before an attempt is sent. One without an end counts as unknown. */
export const AttemptBegin = z.object({
  line: z.literal('begin'),
  key: z.string(),
  attempt: z.int().min(1),
  customerId: z.string(),
  payloadHash: z.string(),
  start: z.iso.datetime(),
});
export type AttemptBegin = z.infer<typeof AttemptBegin>;

/** Written when an attempt has ended. */
export const AttemptEnd = z.object({
  line: z.literal('end'),
  key: z.string(),
  attempt: z.int().min(1),
  customerId: z.string(),
  payloadHash: z.string(),
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  outcome: Outcome,
  /** HTTP status, if there was an answer. */
  status: z.int().optional(),
  /** Problem code, or the code of the network error. */
  reason: z.string().optional(),
  orderId: z.string().optional(),
  replayed: z.boolean().optional(),
});
export type AttemptEnd = z.infer<typeof AttemptEnd>;

export const LedgerLine = z.discriminatedUnion('line', [AttemptBegin, AttemptEnd]);
export type LedgerLine = z.infer<typeof LedgerLine>;
