import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Column } from '../../lab/src/audit/findings.ts';
import { runAudit, type AuditRun } from '../../lab/src/audit/run-audit.ts';
import { killAtSteps } from '../../lab/src/faults/kill-at-steps.ts';

const PROGRAM = join(import.meta.dirname, 'shop-with-a-bug.ts');
const ORDERS = 150;
const MOST_PASSES = 40;

/** What the process of the shop must bear: `kill -9`, at random moments or at these steps. */
type Kills = number | readonly string[];

/** The same checker, load and shop as in `doubleshot audit`; the program alone is another. */
function auditPlot(plot: string, kills: Kills): Promise<AuditRun> {
  const program = { folder: import.meta.dirname, arguments: [PROGRAM, plot] };
  const options = {
    topology: 'monolith',
    orders: ORDERS,
    rate: 60,
    customers: 5,
    seed: 11,
    drainDeadlineMs: 12_000,
    ledgerPath: join(tmpdir(), `doubleshot-${process.pid}-${plot}${typeof kills === 'number' ? '' : '-at-steps'}.jsonl`),
    shop: { programOf: () => program },
  };
  if (typeof kills === 'number') return runAudit({ ...options, killsPerProcess: kills, retryUnknownShare: 1 });
  return killAtSteps({ ...options, stepsOf: () => kills, killsPerStep: 1, mostPasses: MOST_PASSES, deadlineMs: 60_000 });
}

/** What a shop that is not clean leaves behind for people is of no use here. */
async function forget({ ledgerPath, logFolder }: AuditRun): Promise<void> {
  await Promise.all([ledgerPath, logFolder].map((path) => rm(path, { recursive: true, force: true })));
}

/** Two at a time, as many as there are cores at least. */
const AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

const trials = new Map<string, Promise<AuditRun>>();

/** The trial without a bug: the same for all bugs it is made for. */
function trialOf(trial: string, kills: Kills): Promise<AuditRun> {
  const name = `${trial} ${String(kills)}`;
  const known = trials.get(name) ?? inTurn(() => auditPlot(trial, kills));
  trials.set(name, known);
  return known;
}

export interface PlantedBug {
  bug: string;
  /** The same without the bug. */
  trial: string;
  kills?: Kills;
  /** Where the ledger must say so. */
  column: Column;
  meaning: string;
}

/** A test for each bug: the checker catches it, and finds nothing in the real shop in the same trial. */
export function proveOn(bugs: readonly PlantedBug[]): void {
  describe.concurrent('the checker, proved on planted bugs', { timeout: 300_000 }, () => {
    test.each(bugs)('when $meaning, then the ledger says $column; the real shop in the same trial is clean', async ({ bug, trial, kills = 0, column }) => {
      const [broken, real] = await Promise.all([inTurn(() => auditPlot(bug, kills)), trialOf(trial, kills)]);
      await forget(broken);
      expect(broken.counts[column], JSON.stringify(broken.findings.slice(0, 5))).toBeGreaterThan(0);
      expect(broken.clean).toBe(false);
      expect(real.findings.filter(({ column: found }) => found !== 'recovered' && found !== 'redelivered')).toEqual([]);
    });
  });
}
