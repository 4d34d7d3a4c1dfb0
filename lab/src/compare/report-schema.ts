import { z } from 'zod';
import { BrewConditions } from './brew-conditions.ts';
import { Saturation } from './saturation-schema.ts';
import { BlastRadius, Changes, Dial, Isolation, Scaling, Taxes } from './section-schemas.ts';
import { Distribution, Figure, Ratio } from './statistics.ts';
import { Trace } from './trace-schema.ts';

/** What is asked of each brew, at the same rate. `notified` is the order path seen to its end; `login` hashes a password. */
export const PATHS = ['read', 'databaseRead', 'order', 'notified', 'login'] as const;
export const PathName = z.enum(PATHS);
export type PathName = z.infer<typeof PathName>;

/** The parts of a comparison, each of which can be measured again alone. */
export const SECTIONS = ['comparison', 'saturation', 'taxes', 'dial', 'blastRadius', 'scaling', 'changes', 'isolation'] as const;
export const SectionName = z.enum(SECTIONS);
export type SectionName = z.infer<typeof SectionName>;

// A figure with n = 0 was not measured, because of the form, or because the comparison was ended before.

/** CPU time for each request that succeeded, in microseconds. */
export const CpuReport = z.object({
  /** Of the shop's processes alone. */
  total: Figure,
  byProcess: z.record(z.string(), Figure),
  /** `PostgreSQL`, and in containers `Kafka`, `RabbitMQ`, `Redis`, `Nginx`: where they are the brew's own, or nobody else used them meanwhile. */
  byBackend: z.record(z.string(), Figure),
  /** Of processes and backends together: several processes keep their event log and task queue outside. */
  withBackends: Figure,
  /** How fine `total` is: the operating system counts a process's CPU time in steps. */
  step: z.number(),
});
export type CpuReport = z.infer<typeof CpuReport>;

export const PathReport = z.object({
  /** The rate the requests were due at, whatever the answers did. */
  ratePerSecond: z.number(),
  /** Of each window. */
  seconds: z.number(),
  /** Of all valid windows together, as are the next three. */
  requests: z.int(),
  /** Answers that are not 2xx, broken connections, time-outs; for `notified`, orders whose notification never came. */
  errors: z.int(),
  /** Requests that were due and not sent, because too many waited already. They count as errors too. */
  dropped: z.int(),
  throughput: Figure,
  p50Ms: Figure,
  /** Null where a window had too few requests for one. */
  p99Ms: Figure.nullable(),
  /** From the moment a request was due to its answer: the shape of all valid windows together. A request without success counts as the slowest, and as its time-out at least. */
  latency: Distribution,
  /** Absent for `notified`, whose orders are those of `order`. */
  cpuMicros: CpuReport.optional(),
  /** For each request at the generator's sockets, headers and all; absent for `notified`. */
  bytes: z.object({ sent: Figure, received: Figure }).optional(),
});
export type PathReport = z.infer<typeof PathReport>;

/** Of the JavaScript of a program, packages in it included. */
export const CodeBytes = z.object({
  /** What every start reads: main.js and what it imports at once. */
  start: z.int(),
  /** With the parts that are loaded when they are needed. */
  total: z.int(),
});
export type CodeBytes = z.infer<typeof CodeBytes>;

export const ProcessReport = z.object({
  name: z.string(),
  modules: z.array(z.string()),
  idleRssBytes: Figure,
  loadRssBytes: Figure,
  /** At the knee of the order path. */
  kneeRssBytes: Figure.optional(),
  startupMs: Figure,
  codeBytes: CodeBytes.optional(),
  /** Of its image, the base that all share among it. */
  imageBytes: z.int().optional(),
});
export type ProcessReport = z.infer<typeof ProcessReport>;

/** What a million orders cost at the price table of the settings: CPU time of one order times a million, and memory for as long as they take at this rate. */
export const PriceReport = z.object({
  atRatePerSecond: z.number(),
  /** What the rate is: that of the comparison, or half the knee of the order path. */
  rateIs: z.enum(['measured', 'half the knee']),
  cpu: z.number(),
  /** CPU of the backends. */
  backendCpu: z.number(),
  memory: z.number(),
  total: z.number(),
  /** `total` of each pass, from its own CPU time and memory. */
  totals: Figure.optional(),
});
export type PriceReport = z.infer<typeof PriceReport>;

export const TopologyReport = z.object({
  name: z.string(),
  processes: z.array(ProcessReport),
  /** Until the last process is ready, all started at once, cold. */
  startupMs: Figure,
  idleRssBytes: Figure,
  loadRssBytes: Figure,
  kneeRssBytes: Figure.optional(),
  /** Of the programs of all processes; two processes that run the same program count it twice, as two machines would. */
  codeBytes: CodeBytes.optional(),
  imageBytes: z.int().optional(),
  perOrder: z.object({
    /** Of an order that is recorded, up to its notification. */
    spans: Figure,
    /** Of all processes, at level info. */
    logLines: Figure,
  }),
  pricePerMillionOrders: PriceReport.nullable(),
  paths: z.record(PathName, PathReport),
});
export type TopologyReport = z.infer<typeof TopologyReport>;

/** One window of requests, valid or not. */
export const RoundReport = z.object({
  /** Counts the passes over all brews, there and back: those of one pass are compared with each other. */
  pass: z.int(),
  topology: z.string(),
  path: PathName,
  /** From 1; above 1 it repeats a void one. */
  attempt: z.int(),
  /** Since the comparison began. */
  startedAfterMs: z.number(),
  elapsedMs: z.number(),
  /** Why its figures were left out; null if they count. */
  void: z.string().nullable(),
  /** The generator's share of one core. */
  generatorCores: z.number(),
  /** Cores that went to neither shop, backends, generator nor lab; null where the operating system does not say. */
  strangerCores: z.number().nullable(),
  /** Share of the machine's time that its host gave to others; null where the operating system does not say. */
  stealShare: z.number().nullable(),
});
export type RoundReport = z.infer<typeof RoundReport>;

export const Verdict = z.object({
  metric: z.string(),
  group: z.enum(['cpu', 'latency', 'capacity', 'memory', 'start-up', 'bytes', 'price']),
  /** All others are told as multiples of this one, the first of the comparison. */
  baseline: z.string(),
  topology: z.string(),
  /** `topology` as a multiple of `baseline`. */
  ratio: Ratio,
  outcome: z.enum(['differ', 'indistinguishable', 'too few', 'overloaded', 'not measured']),
  /** Name of the brew that needs less, or bears more; absent inside the noise. */
  winner: z.string().optional(),
  sentence: z.string(),
});
export type Verdict = z.infer<typeof Verdict>;

/** What one value of a figure counts. */
export const Unit = z.enum(['ms', 'µs', 'bytes', 'a second', 'times', 'count']);
export type Unit = z.infer<typeof Unit>;

/** A figure of this report beside the same of an earlier one. */
export const Change = z.object({
  /** Absent in older reports, which tell of the passes alone, as is the unit. */
  section: SectionName.optional(),
  metric: z.string(),
  /** The brew, with what is special about it where the figure was taken. */
  topology: z.string(),
  unit: Unit.optional(),
  before: Figure,
  after: Figure,
  ratio: Ratio,
  /** Whether it is different beyond the noise, or at all where it is exact; null where there are too few values to tell. */
  changed: z.boolean().nullable(),
  sentence: z.string(),
});
export type Change = z.infer<typeof Change>;

/** Something that was one way then and may be another now, without being a number. */
export const Turn = z.object({ section: SectionName, topology: z.string(), what: z.string(), before: z.string(), after: z.string(), sentence: z.string() });
export type Turn = z.infer<typeof Turn>;

/** What is different from an earlier report, beyond the noise of both. */
export const SinceReport = z.object({
  measuredAt: z.iso.datetime(),
  /** What was not measured in the same way, or by one of the two alone. Absent in older reports, as are the turns. */
  differences: z.array(z.string()).optional(),
  changes: z.array(Change),
  turns: z.array(Turn).optional(),
});
export type SinceReport = z.infer<typeof SinceReport>;

export const Environment = z.object({
  /** Of the shop's processes. */
  node: z.string(),
  /** Of the lab and its load generator; absent in older reports. */
  labNode: z.string().optional(),
  cores: z.int(),
  cpu: z.string(),
  platform: z.string(),
  memoryBytes: z.int(),
  postgres: z.string(),
  durability: z.string(),
  /** What `--backends` said. */
  backends: z.enum(['embedded', 'containers']),
  /** Which parts are behind that word. */
  backendParts: z.string(),
  tracing: z.string(),
  /** Share of the requests whose spans are recorded. */
  sampling: z.number(),
  logging: z.string(),
  /** Which core the generator was pinned to, and why the shop is or is not. */
  pinning: z.string(),
  /** What each process and database said before it was measured: `node`, `postgres`, `durability` and `logging` are the sum of it. Absent in older reports. */
  asked: z.array(BrewConditions).optional(),
});
export type Environment = z.infer<typeof Environment>;

export const Prices = z.object({ currency: z.string(), vcpuHour: z.number().min(0), gibHour: z.number().min(0), source: z.string() });
export type Prices = z.infer<typeof Prices>;

export const Settings = z.object({
  /** Decides which brew comes first in the first pass, and what is ordered. */
  seed: z.int(),
  customers: z.int(),
  brewTimeScale: z.number(),
  passes: z.int(),
  /** What each path asks for, each second and for how many seconds. */
  windows: z.partialRecord(PathName, z.object({ ratePerSecond: z.number(), seconds: z.number() })),
  /** A window is void above one of these, and measured again so many times at most. */
  limits: z.object({ generatorCores: z.number(), strangerCores: z.number(), stealShare: z.number(), repeats: z.int() }),
  /** What a rate must hold to count as borne. */
  objectives: z.object({ p99Ms: z.partialRecord(PathName, z.number()), errorShare: z.number(), tolerance: z.number() }),
  prices: Prices,
  cpuSource: z.string(),
});

/** `reports/latest/compare.json`. */
export const ComparisonReport = z
  .object({
    /** A report of version 2 marks no void window of a search, and searched each brew once. */
    schemaVersion: z.literal([2, 3]),
    form: z.enum(['demo', 'quick', 'standard', 'full']),
    measuredAt: z.iso.datetime(),
    elapsedMs: z.number(),
    /** What to type to measure all of it again. */
    command: z.string(),
    /** What to type to measure one section again. */
    commands: z.partialRecord(SectionName, z.string()),
    /** Present when it was ended before its time: what is in it holds, what is missing is named. */
    partial: z.object({ reason: z.string(), missing: z.array(z.string()) }).optional(),
    environment: Environment,
    settings: Settings,
    rounds: z.array(RoundReport),
    /** The first is the baseline. */
    topologies: z.array(TopologyReport).min(1),
    /** The load generator's own share of one core in the valid windows, by path. */
    generatorCores: z.record(PathName, Figure),
    verdicts: z.array(Verdict),
    warnings: z.array(z.string()),
    /** One for each brew and path that was driven to its limit. */
    saturation: z.array(Saturation),
    taxes: Taxes.optional(),
    dial: Dial.optional(),
    blastRadius: BlastRadius.optional(),
    scaling: Scaling.optional(),
    changes: Changes.optional(),
    isolation: Isolation.optional(),
    trace: Trace.optional(),
    since: SinceReport.optional(),
  })
  .meta({ id: 'ComparisonReport', title: 'Doubleshot comparison of brews' });
export type ComparisonReport = z.infer<typeof ComparisonReport>;

/** The schema of `compare.json` as JSON Schema 2020-12, published as `lab/compare.schema.json`. */
export function comparisonJsonSchema(): unknown {
  return z.toJSONSchema(ComparisonReport);
}
