import { setTimeout as sleep } from 'node:timers/promises';
import { watchStreams } from '../../audit/stream-watch.ts';
import type { Attempt } from '../../journeys/journey.ts';
import { startJourneys, type Journeys } from '../../journeys/start-journeys.ts';
import type { Moments } from '../../journeys/timeline.ts';
import { createToldRecorder, type ToldRecorder } from '../../journeys/told.ts';
import type { Customer } from '../../load/customers.ts';
import type { Ledger } from '../../load/ledger.ts';
import type { BlastRadiusSettings } from '../comparison-settings.ts';
import type { BlastRadius } from '../section-schemas.ts';
import type { Breakage } from './breakages.ts';
import { QUIET_MS, radiusOf } from './radius-of.ts';

/** Who goes on the journeys of a brew. */
export interface Guests {
  baseUrl: string;
  /** The first places no order. */
  customers: readonly Customer[];
  ledger: Ledger;
  seed: number;
}

const MS_IN_SECOND = 1_000;
const ORDERS_PER_SECOND = 20;
/** After that an order that was not announced is one that nobody is told of. */
const LAST_TOLD_WITHIN_MS = 6_000;
const LOOK_EVERY_MS = 50;

/** Breaks a part of a brew under load, mends it, and says what that did to each journey. */
export async function tryBreakage({ parts, fault, inflict, mend }: Breakage, guests: Guests, settings: BlastRadiusSettings): Promise<Omit<BlastRadius['rows'][number], 'topology'>[]> {
  const { undisturbedSeconds, brokenSeconds, longestRecoverySeconds } = settings;
  const { baseUrl, customers: [watcher, ...customers] } = guests;
  if (watcher === undefined) throw new TypeError('somebody has to look at their orders');
  const attempts: Attempt[] = [];
  const told = createToldRecorder();
  const streams = watchStreams({ baseUrl, customers, onEvent: told.event });
  let journeys: Journeys | undefined;
  try {
    await streams.opened();
    journeys = await startJourneys({ ...guests, customers, watcher, rate: ORDERS_PER_SECOND, told, onAttempt: (attempt) => void attempts.push(attempt) });
    await sleep(undisturbedSeconds * MS_IN_SECOND);
    const brokenAt = performance.now();
    await inflict();
    await sleep(brokenSeconds * MS_IN_SECOND);
    const mendedAt = performance.now();
    await mend();
    const wellBy = performance.now() + longestRecoverySeconds * MS_IN_SECOND;
    while (!isWell({ attempts, told, brokenAt, mendedAt }) && performance.now() < wellBy) await sleep(LOOK_EVERY_MS);
    const endedAt = performance.now();
    await journeys.stop();
    await allTold(told);
    const radius = radiusOf([...attempts, ...told.attempts()], { brokenAt, mendedAt, endedAt });
    return parts.map((part) => ({ part, fault, ...radius }));
  } finally {
    await journeys?.stop();
    await streams.close();
  }
}

/** Whether it would count as recovered if it ended now. Who ordered a moment ago cannot have been told yet. */
function isWell({ attempts, told, ...moments }: Moments & { attempts: readonly Attempt[]; told: ToldRecorder }): boolean {
  const endedAt = performance.now();
  const announcements = told.attempts().filter(({ startedAt }) => startedAt < endedAt - QUIET_MS);
  return radiusOf([...attempts, ...announcements], { ...moments, endedAt }).recoveryMs !== null;
}

async function allTold(told: ToldRecorder): Promise<void> {
  const now = performance.now();
  while (told.drainFrom(now).afterMs === Infinity && performance.now() - now < LAST_TOLD_WITHIN_MS) await sleep(LOOK_EVERY_MS);
}
