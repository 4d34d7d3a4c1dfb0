import { z } from 'zod';

/** A span of an order, as far as it is drawn and billed. */
export const TracedSpan = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.exactOptional(z.string()),
  /** The process it was made in. */
  service: z.string(),
  name: z.string(),
  kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
  /** Since the first span of its order. */
  startMs: z.number(),
  durationMs: z.number(),
  failed: z.boolean(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })),
});
export type TracedSpan = z.infer<typeof TracedSpan>;

/** One order in each brew, span by span. */
export const Trace = z.object({
  orders: z.array(z.object({ topology: z.string(), orderId: z.string(), spans: z.array(TracedSpan).min(1) })),
  /** Why there is none of a brew. */
  missing: z.array(z.string()),
});
export type Trace = z.infer<typeof Trace>;
