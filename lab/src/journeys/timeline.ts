import { JOURNEYS, type Attempt, type Journey } from './journey.ts';

/** When a fault began and was mended, by `performance.now()`. */
export interface Moments {
  brokenAt: number;
  mendedAt: number;
}

export type Effect = 'works' | 'degrades' | 'fails';

/** What a fault did to one journey. */
export interface JourneyEffect {
  effect: Effect;
  attempts: number;
  /** Of the attempts that began while it was broken. */
  errorRate: number;
  p99Ms: { before: number; during: number };
  /** From mended to the end of the last failure. */
  recoveredAfterMs: number;
  /** How often each wrong answer came, from broken on to the end. */
  errors: Readonly<Record<string, number>>;
  /** The slowest wrong answer. */
  slowestErrorMs: number;
}

const FAILS_FROM = 0.9;
/** Slower than this beside what it was before is no longer as before. */
const SLOWER_TIMES = 2;
const SLOWER_BY_MS = 250;

/** What a fault did to every journey. Pure. */
export function effectsOn(attempts: readonly Attempt[], moments: Moments): Record<Journey, JourneyEffect> {
  const effects = Object.fromEntries(JOURNEYS.map((journey) => [journey, effectOn(journey, attempts, moments)])) as Record<Journey, JourneyEffect>;
  // Where no order is accepted nobody is told of one.
  return effects.order.effect === 'fails' ? { ...effects, told: { ...effects.told, effect: 'fails' } } : effects;
}

/** Sums up what happened to a journey before, during and after a fault. Pure. */
export function effectOn(journey: Journey, attempts: readonly Attempt[], { brokenAt, mendedAt }: Moments): JourneyEffect {
  const own = attempts.filter((attempt) => attempt.journey === journey);
  const before = own.filter(({ endedAt }) => endedAt < brokenAt);
  const during = own.filter(({ endedAt, startedAt }) => endedAt >= brokenAt && startedAt < mendedAt);
  const failed = own.filter(({ ok, endedAt }) => !ok && endedAt >= brokenAt);
  const errorRate = during.length === 0 ? 0 : during.filter(({ ok }) => !ok).length / during.length;
  const p99Ms = { before: percentile99(before), during: percentile99(during) };
  const slower = p99Ms.during > Math.max(p99Ms.before * SLOWER_TIMES, p99Ms.before + SLOWER_BY_MS);
  const lastFailure = failed.reduce((last, { endedAt }) => Math.max(last, endedAt), mendedAt);
  return {
    effect: errorRate >= FAILS_FROM ? 'fails' : errorRate > 0 || slower ? 'degrades' : 'works',
    attempts: during.length,
    errorRate,
    p99Ms,
    recoveredAfterMs: lastFailure - mendedAt,
    errors: countBy(failed.map(({ answer }) => answer)),
    slowestErrorMs: failed.reduce((slowest, { startedAt, endedAt }) => Math.max(slowest, endedAt - startedAt), 0),
  };
}

function percentile99(attempts: readonly Attempt[]): number {
  const sorted = attempts.filter(({ ok }) => ok).map(({ startedAt, endedAt }) => endedAt - startedAt).sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
}

function countBy(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}
