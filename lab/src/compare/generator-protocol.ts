import { z } from 'zod';

/** One customer the generator acts for, with what it may read. */
export const GeneratorCustomer = z.object({ id: z.string(), token: z.string(), orderPath: z.string() });
export type GeneratorCustomer = z.infer<typeof GeneratorCustomer>;

/** A window of requests, sent to the generator. */
export const GeneratorJob = z.object({
  id: z.int(),
  origin: z.string(),
  kind: z.enum(['read', 'databaseRead', 'order']),
  /** The requests act for them in turn. */
  customers: z.array(GeneratorCustomer).min(1),
  /** For orders: what may be ordered. */
  menuItemIds: z.array(z.string()),
  ratePerSecond: z.int().min(1),
  seconds: z.int().min(1),
  /** For orders: how long to wait for the notifications of the last ones. */
  notifiedDeadlineMs: z.int(),
});
export type GeneratorJob = z.infer<typeof GeneratorJob>;

/** What the window gave. */
export const GeneratorResult = z.object({
  id: z.int(),
  sent: z.int(),
  succeeded: z.int(),
  /** Answers that are not 2xx, broken connections and time-outs. */
  failed: z.int(),
  /** Succeeded in each second. */
  throughput: z.number(),
  p50Ms: z.number(),
  /** Null where too few answers came for one. */
  p99Ms: z.number().nullable(),
  maxMs: z.number(),
  /** For orders: from the moment the POST was due to the notification on the stream. */
  notified: z.object({ count: z.int(), missing: z.int(), p50Ms: z.number(), p99Ms: z.number().nullable(), maxMs: z.number() }).optional(),
  /** CPU time of the generator itself. */
  generatorCpuMs: z.number(),
  elapsedMs: z.number(),
});
export type GeneratorResult = z.infer<typeof GeneratorResult>;

export const GeneratorMessage = z.union([GeneratorResult, z.object({ id: z.int(), failure: z.string() })]);
