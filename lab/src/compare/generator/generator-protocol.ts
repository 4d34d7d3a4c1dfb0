import { z } from 'zod';
import { LatencyBuckets } from './latency-histogram.ts';

/** One customer the generator acts for, with what it may read. */
export const GeneratorCustomer = z.object({ id: z.string(), email: z.string(), password: z.string(), token: z.string(), orderPath: z.string() });
export type GeneratorCustomer = z.infer<typeof GeneratorCustomer>;

/** The kinds of requests there are. */
export const RequestedPath = z.enum(['read', 'databaseRead', 'order', 'login']);
export type RequestedPath = z.infer<typeof RequestedPath>;
export const REQUESTED_PATHS = RequestedPath.options;

/** A window of requests, sent to the generator. */
export const GeneratorJob = z.object({
  id: z.int(),
  origin: z.string(),
  kind: RequestedPath,
  /** The requests act for them in turn. */
  customers: z.array(GeneratorCustomer).min(1),
  /** For orders: what may be ordered. */
  menuItemIds: z.array(z.string()),
  /** Decides what is ordered. */
  seed: z.int(),
  pace: z.union([z.object({ rate: z.number().positive() }), z.object({ concurrency: z.int().min(1) })]),
  seconds: z.number().positive(),
  /** For orders: how long to wait for the notifications of the last ones. */
  notifiedDeadlineMs: z.int(),
});
export type GeneratorJob = z.infer<typeof GeneratorJob>;

/** How many waited in the middle of a window, and when its last request was due. */
const Backlog = z.object({ middle: z.int(), end: z.int() });

/** Of every request that was due: those without success count as the slowest. */
const Latency = z.object({
  p50Ms: z.number(),
  /** Null where too few were due for one. */
  p99Ms: z.number().nullable(),
  maxMs: z.number(),
  buckets: LatencyBuckets,
});

/** What the window gave. */
export const GeneratorResult = Latency.extend({
  id: z.int(),
  /** Requests that were due; those dropped among them. */
  due: z.int(),
  succeeded: z.int(),
  /** Answers that are not 2xx, broken connections, time-outs, and what was dropped. */
  failed: z.int(),
  /** Not sent, because too many waited already. */
  dropped: z.int(),
  backlog: Backlog,
  /** Succeeded in each second. */
  throughput: z.number(),
  /** On the sockets of the requests. */
  bytes: z.object({ sent: z.int(), received: z.int() }),
  /** For orders: from the moment the POST was due to the notification on the stream. */
  notified: Latency.extend({ count: z.int(), missing: z.int(), backlog: Backlog }).optional(),
  /** CPU time of the generator itself. */
  generatorCpuMs: z.number(),
  elapsedMs: z.number(),
});
export type GeneratorResult = z.infer<typeof GeneratorResult>;

export const GeneratorMessage = z.union([GeneratorResult, z.object({ id: z.int(), failure: z.string() })]);
