import type { Probe, Saturation } from '../saturation-schema.ts';
import { figureOf } from '../statistics.ts';
import { about } from './sample-figures.ts';

interface Limit {
  topology: string;
  path: Saturation['path'];
  objectiveMs: number;
  /** Requests a second that it bears. */
  knee: number;
  /** Milliseconds of an answer when nobody else asks. */
  aloneMs: number;
  alpha: number;
  beta: number;
  /** From so many at once on, it is the generator that is measured. */
  generatorGivesUpAt?: number;
}

const LIMITS: readonly Limit[] = [
  { topology: 'monolith', path: 'read', objectiveMs: 50, knee: 3_900, aloneMs: 0.6, alpha: 0.09, beta: 0.0002, generatorGivesUpAt: 128 },
  { topology: 'microservices', path: 'read', objectiveMs: 50, knee: 2_300, aloneMs: 1.0, alpha: 0.11, beta: 0.0003 },
  { topology: 'monolith', path: 'databaseRead', objectiveMs: 50, knee: 1_700, aloneMs: 1.1, alpha: 0.12, beta: 0.0004 },
  { topology: 'microservices', path: 'databaseRead', objectiveMs: 50, knee: 1_250, aloneMs: 1.7, alpha: 0.1, beta: 0.0006 },
  { topology: 'monolith', path: 'order', objectiveMs: 250, knee: 220, aloneMs: 4.0, alpha: 0.16, beta: 0.002 },
  { topology: 'microservices', path: 'order', objectiveMs: 250, knee: 150, aloneMs: 6.0, alpha: 0.15, beta: 0.003 },
  { topology: 'monolith', path: 'notified', objectiveMs: 2_000, knee: 190, aloneMs: 35, alpha: 0, beta: 0 },
  { topology: 'microservices', path: 'notified', objectiveMs: 2_000, knee: 110, aloneMs: 65, alpha: 0, beta: 0 },
  { topology: 'monolith', path: 'login', objectiveMs: 500, knee: 38, aloneMs: 45, alpha: 0.25, beta: 0.001 },
  { topology: 'microservices', path: 'login', objectiveMs: 500, knee: 37, aloneMs: 46, alpha: 0.25, beta: 0.001 },
];
const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128];
/** Shares of the knee in the order a search tries them. */
const TRIED = [0.25, 0.5, 1, 2, 1.41, 1.19, 1.09, 1.04, 1.02];
const SECONDS = 3;
const AT_ITS_LIMIT = { generatorCores: 0.84, void: 'the load generator used 0.84 of its core, more than 0.7: the figures would be its own' };

export function sampleSaturation(): Saturation[] {
  return LIMITS.map(saturationOf);
}

function saturationOf(limit: Limit): Saturation {
  const probes = TRIED.map((share) => probeOf(limit, share));
  if (limit.generatorGivesUpAt !== undefined) probes.push({ ...probeOf(limit, 4), ...AT_ITS_LIMIT, holds: null, broke: null });
  const half = probes.find(({ ratePerSecond }) => ratePerSecond === limit.knee / 2);
  return {
    topology: limit.topology,
    path: limit.path,
    objective: { p99Ms: limit.objectiveMs, errorShare: 0.001 },
    ...(limit.path !== 'notified' && { closedLoop: closedLoopOf(limit) }),
    probes,
    knee: {
      ratePerSecond: limit.knee,
      found: 'between',
      failedAtRatePerSecond: limit.knee * 1.02,
      searches: searchesOf(limit.knee),
      atHalf: half === undefined ? null : { ratePerSecond: half.ratePerSecond, p50Ms: half.p50Ms, p99Ms: half.p99Ms, windows: { p50Ms: about(half.p50Ms), p99Ms: half.p99Ms === null ? null : about(half.p99Ms) } },
    },
  };
}

function searchesOf(knee: number): NonNullable<Saturation['knee']['searches']> {
  const rates = figureOf([knee, knee * 1.02, knee / 1.02, knee]);
  return { rates, each: rates.values.map((ratePerSecond) => ({ ratePerSecond, found: 'between', failedAtRatePerSecond: ratePerSecond * 1.02 })) };
}

function probeOf({ knee, aloneMs, objectiveMs }: Limit, share: number): Probe {
  const holds = share <= 1;
  const p50Ms = holds ? aloneMs * (1 + share ** 3) : aloneMs * 2 + (share - 1) * 1_000 * SECONDS * 0.5;
  return {
    ratePerSecond: knee * share,
    seconds: SECONDS,
    throughput: knee * Math.min(share, 1.01),
    p50Ms,
    p99Ms: holds ? Math.min(objectiveMs * 0.9, p50Ms * 3) : objectiveMs + (share - 1) * 1_000 * SECONDS,
    errorShare: share >= 2 ? 0.004 : 0,
    dropped: 0,
    backlogGrowth: holds ? 0 : (share - 1) / share,
    generatorCores: 0.05 + (knee * share) / 12_000,
    holds,
    broke: holds ? null : `p99 was ${Math.round(objectiveMs + (share - 1) * 1_000 * SECONDS)} ms, over ${objectiveMs} ms`,
  };
}

function closedLoopOf({ aloneMs, alpha, beta, topology, generatorGivesUpAt = Infinity }: Limit): NonNullable<Saturation['closedLoop']> {
  const lambda = 1_000 / aloneMs;
  const at = (n: number): number => (lambda * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));
  const peak = Math.sqrt((1 - alpha) / beta);
  return {
    points: CONCURRENCIES.map((concurrency) => ({ concurrency, throughput: at(concurrency), p50Ms: (concurrency / at(concurrency)) * 950, p99Ms: (concurrency / at(concurrency)) * 2_400, errors: 0, generatorCores: at(concurrency) / 12_000, ...(concurrency >= generatorGivesUpAt && AT_ITS_LIMIT) })),
    fit: {
      ...{ lambda, alpha, beta, r2: 0.994 },
      peak: { concurrency: peak, throughput: at(peak) },
      sentence: `Of the work of ${topology}, ${(alpha * 100).toFixed(0)} % waits for something that only one can have at a time.`,
    },
  };
}
