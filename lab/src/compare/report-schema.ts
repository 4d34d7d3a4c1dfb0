import { z } from 'zod';
import { Figure } from './statistics.ts';

/** What is asked of each brew, at the same rate. `notified` is the order path seen to its end. */
export const PATHS = ['read', 'databaseRead', 'order', 'notified'] as const;
export const PathName = z.enum(PATHS);
export type PathName = z.infer<typeof PathName>;

const Ratio = z.object({ low: z.number(), median: z.number(), high: z.number() });

export const PathReport = z.object({
  /** The rate the requests were sent at, whatever the answers did. */
  ratePerSecond: z.number(),
  /** Of each turn. */
  seconds: z.number(),
  /** Requests of all turns together. */
  requests: z.int(),
  /** Answers that are not 2xx, broken connections, time-outs; for `notified`, orders whose notification never came. */
  errors: z.int(),
  throughput: Figure,
  p50Ms: Figure,
  /** Null where a turn had too few answers for one. */
  p99Ms: Figure.nullable(),
  /** CPU time for each request in microseconds; absent for `notified`, whose orders are those of `order`. */
  cpuMicros: z
    .object({
      /** Of the shop's processes alone. */
      total: Figure,
      byProcess: z.record(z.string(), Figure),
      /** Of the brew's own PostgreSQL server. */
      backend: Figure,
      /** Of the shop's processes and PostgreSQL: several processes keep their event log and task queue there. */
      withBackend: Figure,
      /** How fine `total` is: the operating system counts a process's CPU time in steps. */
      step: z.number(),
    })
    .optional(),
});
export type PathReport = z.infer<typeof PathReport>;

export const TopologyReport = z.object({
  name: z.string(),
  processes: z.array(z.object({ name: z.string(), modules: z.array(z.string()), idleRssBytes: Figure, loadRssBytes: Figure, startupMs: Figure })),
  /** Until the last process is ready, all started at once. */
  startupMs: Figure,
  idleRssBytes: Figure,
  loadRssBytes: Figure,
  paths: z.record(PathName, PathReport),
});
export type TopologyReport = z.infer<typeof TopologyReport>;

export const Verdict = z.object({
  metric: z.string(),
  sentence: z.string(),
  /** The second brew's figure as a multiple of the first's: the range the measured values allow. */
  ratio: Ratio,
  /** Name of the brew that needs less; absent inside the noise. */
  winner: z.string().optional(),
});
export type Verdict = z.infer<typeof Verdict>;

/** `reports/latest/compare.json`. */
export const ComparisonReport = z
  .object({
    schemaVersion: z.literal(1),
    form: z.enum(['short', 'full']),
    measuredAt: z.iso.datetime(),
    elapsedMs: z.number(),
    /** What to type to measure again. */
    command: z.string(),
    environment: z.object({
      node: z.string(),
      cores: z.int(),
      cpu: z.string(),
      platform: z.string(),
      memoryBytes: z.int(),
      postgres: z.string(),
      durability: z.string(),
      backends: z.string(),
      tracing: z.string(),
      logging: z.string(),
    }),
    settings: z.object({
      /** Decides which brew has the first turn: the second if it is odd. */
      seed: z.int(),
      customers: z.int(),
      brewTimeScale: z.number(),
      cpuSource: z.string(),
    }),
    /** Names of the brews in the order their turns were measured. */
    turns: z.array(z.string()),
    topologies: z.array(TopologyReport).length(2),
    /** The load generator's own share of one core, by path; much above 0.8 it holds the shop back. */
    generatorCores: z.record(PathName, Figure),
    verdicts: z.array(Verdict),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'ComparisonReport', title: 'Doubleshot comparison of two brews' });
export type ComparisonReport = z.infer<typeof ComparisonReport>;

/** The schema of `compare.json` as JSON Schema 2020-12, published as `lab/compare.schema.json`. */
export function comparisonJsonSchema(): unknown {
  return z.toJSONSchema(ComparisonReport);
}
