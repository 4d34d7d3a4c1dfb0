import { setTimeout as sleep } from 'node:timers/promises';
import { auditLoad, type AuditVerdict, type LoadParts } from '../audit/audit-load.ts';
import { countByColumn, isClean } from '../audit/findings.ts';
import { readMenu, setStock } from '../audit/stock.ts';
import type { Attempt, Journey } from '../journeys/journey.ts';
import { startJourneys } from '../journeys/start-journeys.ts';
import { effectsOn, type JourneyEffect, type Moments } from '../journeys/timeline.ts';
import { createToldRecorder, type Drain, type ToldRecorder } from '../journeys/told.ts';
import { createApiClient } from '../load/api-client.ts';
import { createSession } from '../load/customers.ts';
import type { LoadSummary } from '../load/load-tally.ts';
import { createSeededRandom } from '../load/seeded-random.ts';
import { judge } from './judge.ts';
import type { RunningShop } from '../topology/shop.ts';
import type { Infliction, Trial } from './trial.ts';

export interface TrialOptions {
  seed: number;
  rate: number;
  /** Faults last as long as the matrix says; otherwise a few seconds. */
  full: boolean;
  /** Orders that a trial of many faults must see accepted; 0 for as many as its time brings. */
  orders: number;
  ledgerPath: string;
  onProgress: (message: string) => void;
}

export interface TrialResult extends AuditVerdict {
  fault: string;
  name: string;
  seed: number;
  journeys: Readonly<Record<Journey, JourneyEffect>>;
  /** From mended on, until no journey went wrong any more. */
  recoveredAfterMs: number;
  /** From mended to the first order that is announced. */
  toldAgainAfterMs: number;
  load: Pick<LoadSummary, 'orders' | 'attempts' | 'outcomes'>;
  notes: readonly string[];
  /** What should not have been, beside the findings of the ledger. */
  faults: readonly string[];
  passed: boolean;
  /** Whether the shop can be used for another trial. */
  spent: boolean;
}

const CUSTOMERS = 14;
/** Whom the load leaves alone. */
const SPARE = 4;
const SCARCE_STOCK = 30;
const PLENTY = 1_000_000;
const UNDISTURBED_MS = { full: 30_000, quick: 4_000 };
const AFTERWARDS_MS = 4_000;
/** How long the load of a full run goes on for the backlog to drain under it. */
const LONGEST_BACKLOG_MS = 120_000;
const LOOK_EVERY_MS = 500;
/** Longer than an order may take to be announced. */
const QUICK_MS = 6_000;
const DRAIN_DEADLINE_MS = 60_000;
const MS_IN_SECOND = 1_000;

/** Loads a running shop, inflicts a fault on it, mends it, lets it drain, and says what that did to whom. */
export async function runTrial(shop: RunningShop, trial: Trial, options: TrialOptions): Promise<TrialResult> {
  options.onProgress('stocking up');
  await stockUp(shop);
  shop.mail.clear();
  const attempts: Attempt[] = [];
  const told = createToldRecorder();
  const { findings: found, load, moments, infliction } = await auditLoad(shop, {
    customers: CUSTOMERS,
    scarceStock: SCARCE_STOCK,
    ledgerPath: options.ledgerPath,
    drainDeadlineMs: DRAIN_DEADLINE_MS,
    onStreamEvent: told.event,
    onProgress: ({ step }) => { options.onProgress(step === 'drain' ? 'letting the pipes run empty' : step === 'observe' ? 'looking at every order, notification, e-mail and stream' : 'registering customers'); },
    load: (parts) => loadAndInflict(shop, trial, options, { parts, told, keep: (attempt) => void attempts.push(attempt) }),
  });
  const { leaves = [] } = infliction;
  const findings = found.filter(({ id }) => !leaves.includes(id));
  const [counts, clean] = [countByColumn(findings), isClean(findings)];
  const all = [...attempts, ...told.attempts()];
  const journeys = effectsOn(all, moments);
  const recoveredAfterMs = Math.max(...Object.values(journeys).map((effect) => effect.recoveredAfterMs));
  const toldAgainAfterMs = told.againAfterMs(infliction.effectFrom ?? moments.mendedAt);
  const drain = options.full ? told.drainFrom(moments.mendedAt) : undefined;
  const faults = [...(infliction.faults ?? []), ...judge(trial.expects ?? {}, { journeys, recoveredAfterMs, toldAgainAfterMs, ...(drain && { drain }) })];
  return {
    ...{ findings, counts, clean, journeys, recoveredAfterMs, toldAgainAfterMs, faults },
    ...{ fault: trial.fault, name: trial.name, seed: options.seed, notes: [...(infliction.notes ?? []), ...(drain ? [notesOfFullRun(journeys.order, drain)] : [])] },
    load: { orders: load.orders, attempts: load.attempts, outcomes: load.outcomes },
    passed: clean && faults.length === 0,
    spent: !clean || leaves.length > 0,
  };
}

interface Recording {
  parts: LoadParts;
  told: ToldRecorder;
  keep: (attempt: Attempt) => void;
}

async function loadAndInflict(shop: RunningShop, trial: Trial, options: TrialOptions, { parts, told, keep }: Recording): Promise<{ kills: number; load: LoadSummary; moments: Moments; infliction: Infliction }> {
  const { seed, rate, full, orders } = options;
  const [watcher] = parts.customers;
  if (watcher === undefined) throw new TypeError('a trial needs at least one customer');
  const journeys = await startJourneys({ baseUrl: shop.baseUrl, ledger: parts.ledger, customers: parts.customers.slice(SPARE), ...{ watcher, seed, rate, told }, onAttempt: keep });
  try {
    await sleep(full ? UNDISTURBED_MS.full : UNDISTURBED_MS.quick);
    options.onProgress(`${trial.fault} ${trial.name}`);
    const brokenAt = performance.now();
    const infliction = await trial.inflict({
      ...{ shop, parts, rate, full, orders },
      accepted: () => told.count(),
      spare: parts.customers.slice(0, SPARE),
      random: createSeededRandom(seed),
      onProgress: (message) => { options.onProgress(`${trial.fault}: ${message}`); },
      hold: async (fullMs) => { await sleep(full ? fullMs : Math.min(fullMs, QUICK_MS)); },
    });
    const mendedAt = infliction.mendedAt ?? performance.now();
    options.onProgress('mended');
    await Promise.all(shop.processes.map((process) => process.ready()));
    await sleep(AFTERWARDS_MS);
    if (full) await backlogGone(told, mendedAt);
    const load = await journeys.stop();
    return { kills: infliction.kills, load, moments: { brokenAt, mendedAt }, infliction };
  } finally {
    await journeys.stop();
  }
}

async function backlogGone(told: ToldRecorder, mendedAt: number): Promise<void> {
  while (told.drainFrom(mendedAt).afterMs === Infinity && performance.now() - mendedAt < LONGEST_BACKLOG_MS) await sleep(LOOK_EVERY_MS);
}

function notesOfFullRun({ p99Ms }: JourneyEffect, { afterMs, times }: Drain): string {
  return `p99 of orders ${p99Ms.before.toFixed(0)} ms before, ${p99Ms.during.toFixed(0)} ms meanwhile; backlog gone after ${(afterMs / MS_IN_SECOND).toFixed(1)} s at ${times.toFixed(1)} announced for each accepted`;
}

/** As staff: more of every drink than anybody orders. */
async function stockUp(shop: RunningShop): Promise<void> {
  const api = createApiClient(shop.baseUrl);
  try {
    const token = await createSession(api, shop.staff)();
    for (const item of await readMenu(api)) await setStock({ api, token, item, stock: PLENTY });
  } finally {
    await api.close();
  }
}
