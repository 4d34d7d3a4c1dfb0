import type { GeneratorResult } from '../generator/generator-protocol.ts';
import type { Probe } from '../saturation-schema.ts';

/** What a rate must hold. */
export interface Objective {
  p99Ms: number;
  errorShare: number;
}

export interface SentWindow {
  ratePerSecond: number;
  seconds: number;
  result: GeneratorResult;
  generatorCores: number;
  /** Why it does not count; null if it does. */
  void: string | null;
}

/** More than this many more waiting, or this share of what came, is a backlog that grows. */
const BACKLOG_NOISE = 4;
const BACKLOG_SHARE = 0.02;

/** Whether a window at a fixed rate held its objective: few errors, a p99 from the moment due, and no growing backlog. One that is void says neither. */
export function judgeProbe(sent: SentWindow, objective: Objective): Probe {
  const { result, ratePerSecond, seconds } = sent;
  const { p50Ms, p99Ms, maxMs, failed, due, dropped, backlog, throughput } = result;
  return conclude(sent, objective, { ratePerSecond, seconds, throughput, p50Ms, p99Ms, maxMs, errorShare: failed / Math.max(1, due), dropped, growth: backlog.end - backlog.middle });
}

/** The same of the orders' whole journey: an order that nobody was told of is an error. */
export function judgeJourneys(sent: SentWindow, objective: Objective): Probe {
  const { result, ratePerSecond, seconds } = sent;
  const { notified, due, failed, dropped, elapsedMs } = result;
  if (notified === undefined) throw new TypeError('this window followed no orders to their end');
  const { count, missing, backlog, p50Ms, p99Ms, maxMs } = notified;
  return conclude(sent, objective, { ratePerSecond, seconds, throughput: (count * 1_000) / Math.max(1, elapsedMs), p50Ms, p99Ms, maxMs, errorShare: (failed + missing) / Math.max(1, due), dropped, growth: backlog.end - backlog.middle });
}

interface Told extends Pick<Probe, 'ratePerSecond' | 'seconds' | 'throughput' | 'p50Ms' | 'p99Ms' | 'errorShare' | 'dropped'> {
  /** Judged where there are too few answers for a p99. */
  maxMs: number;
  /** How many more waited at the end of the window than in its middle. */
  growth: number;
}

function conclude({ generatorCores, void: reason }: SentWindow, { p99Ms: limitMs, errorShare: mostErrors }: Objective, { growth, maxMs, ...told }: Told): Probe {
  const came = Math.max(1, (told.ratePerSecond * told.seconds) / 2);
  const broke = [
    ...(told.errorShare > mostErrors ? [`${(told.errorShare * 100).toFixed(1)} % errors, more than ${mostErrors * 100} %`] : []),
    ...((told.p99Ms ?? maxMs) > limitMs ? [`${told.p99Ms === null ? 'the slowest of few answers' : 'p99'} was ${(told.p99Ms ?? maxMs).toFixed(0)} ms, more than ${limitMs} ms`] : []),
    ...(growth > BACKLOG_NOISE + came * BACKLOG_SHARE ? [`the backlog grew by ${growth} of ${came.toFixed(0)} that came meanwhile`] : []),
  ];
  const judged = { ...told, backlogGrowth: Math.max(0, growth) / came, generatorCores };
  if (reason !== null) return { ...judged, holds: null, broke: null, void: reason };
  return { ...judged, holds: broke.length === 0, broke: broke.length === 0 ? null : broke.join('; ') };
}
