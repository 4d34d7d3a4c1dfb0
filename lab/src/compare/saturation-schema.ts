import { z } from 'zod';
import { Figure } from './statistics.ts';

/** So many at work at once, each beginning again when it is answered (closed loop). */
export const ConcurrencyPoint = z.object({
  concurrency: z.int(),
  throughput: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number().nullable(),
  errors: z.int(),
  generatorCores: z.number(),
  /** Why its window does not count, for the law neither; absent if it does. */
  void: z.string().optional(),
});
export type ConcurrencyPoint = z.infer<typeof ConcurrencyPoint>;

/**
 * Gunther's Universal Scalability Law through the points: X(N) = λN / (1 + α(N − 1) + βN(N − 1)).
 * α: the share of the work that waits for something only one can have. β: what each pair costs to agree with each other; with it, more at once do less.
 */
export const ScalabilityFit = z.object({
  /** Requests a second of one alone. */
  lambda: z.number(),
  alpha: z.number(),
  beta: z.number(),
  /** Share of the variance that the curve explains. */
  r2: z.number(),
  /** Where the curve is highest; null where it never falls. */
  peak: z.object({ concurrency: z.number(), throughput: z.number() }).nullable(),
  /** The same in words. */
  sentence: z.string(),
});
export type ScalabilityFit = z.infer<typeof ScalabilityFit>;

/** A fixed arrival rate, whatever the answers do (open loop). */
export const Probe = z.object({
  ratePerSecond: z.number(),
  seconds: z.number(),
  throughput: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number().nullable(),
  /** Share of the requests due, the dropped among them. */
  errorShare: z.number(),
  dropped: z.int(),
  /** How many more were waiting at the end of the window than at its middle, as a share of what came meanwhile. */
  backlogGrowth: z.number(),
  generatorCores: z.number(),
  /** Null where its window does not count: that says nothing of the brew. */
  holds: z.boolean().nullable(),
  /** What it broke; null if it held, or cannot be told. */
  broke: z.string().nullable(),
  /** Why its window does not count; absent if it does. */
  void: z.string().optional(),
});
export type Probe = z.infer<typeof Probe>;

/** What one search for the highest rate that holds the objective came to. */
export const FoundKnee = z.object({
  /** The highest rate that held; null where none did. */
  ratePerSecond: z.number().nullable(),
  /** `between`: the next higher probe failed. `above`: the highest rate tried still held. `below`: the lowest failed. `generator`: the next higher probe was more than the generator bears. `disturbed`: no window at the next rate to try counts. */
  found: z.enum(['between', 'above', 'below', 'generator', 'disturbed']),
  /** The lowest rate above that did not hold, as near as was asked for if `between`; null where there was none. */
  failedAtRatePerSecond: z.number().nullable(),
});
export type FoundKnee = z.infer<typeof FoundKnee>;

/** The highest rate that holds the objective: that of the only search, or of the one in the middle. */
export const Knee = FoundKnee.extend({
  /** Where there were several: what those found that ended `between` (how many, the least, the most), and each, pass by pass, beside those of the other brews. */
  searches: z.object({ rates: Figure, each: z.array(FoundKnee) }).optional(),
  /** Latency at half the rate, once nothing waits from before, of the only window or the median of several; null where there is no knee, or no window there counts. */
  atHalf: z
    .object({
      ratePerSecond: z.number(),
      p50Ms: z.number(),
      p99Ms: z.number().nullable(),
      /** Where there were several, pass by pass. */
      windows: z.object({ p50Ms: Figure, p99Ms: Figure.nullable() }).optional(),
    })
    .nullable(),
});
export type Knee = z.infer<typeof Knee>;

/** One path of one brew, driven to its limit. */
export const Saturation = z.object({
  topology: z.string(),
  path: z.enum(['read', 'databaseRead', 'order', 'notified', 'login']),
  objective: z.object({ p99Ms: z.number(), errorShare: z.number() }),
  /** Absent for `notified`, which nobody waits for before ordering again. */
  closedLoop: z.object({ points: z.array(ConcurrencyPoint), fit: ScalabilityFit.nullable() }).optional(),
  /** In the order they were tried; sorted by rate they are the curve of the path. */
  probes: z.array(Probe),
  knee: Knee,
});
export type Saturation = z.infer<typeof Saturation>;
