import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scarceStockFor } from '../audit/audit-defaults.ts';
import { auditLoad } from '../audit/audit-load.ts';
import type { AuditOptions, AuditProgress, AuditResult } from '../audit/audit-shop.ts';
import type { AuditedShop } from '../audit/audited-shop.ts';
import { runAudit, type AuditRun } from '../audit/run-audit.ts';
import { runLoad, type LoadSummary } from '../load/run-load.ts';
import { parseTopology, type ProcessGroup } from '../topology/parse-topology.ts';
import type { StartShopOptions } from '../topology/start-shop.ts';
import { endAtSteps, type KillsByStep, type Victim } from './end-at-steps.ts';
import { readParked, type ParkedView } from './poison-parked.ts';
import { createStepKiller } from './step-killer.ts';
import { stepsOf } from './steps.ts';

export interface KillAtStepsOptions {
  topology: string;
  /** At which steps a process is killed; those that it passes on the way of one order unless told. */
  stepsOf?: (group: ProcessGroup) => readonly string[];
  /** How the shop is started besides. */
  shop?: Pick<StartShopOptions, 'programOf'>;
  /** Of the kills and the load; a random one unless told. */
  seed?: number;
  /** Orders to place at least: the load goes on until the last kill. */
  orders: number;
  /** Orders per second. */
  rate: number;
  customers: number;
  killsPerStep: number;
  /** A process ends at the first to this pass of a step. */
  mostPasses: number;
  /** The load ends after this time, whatever kills are still to come. */
  deadlineMs: number;
  ledgerPath?: string;
  /** How long the pipes may take to run empty. */
  drainDeadlineMs?: number;
  onProgress?: (progress: AuditProgress | { step: 'start'; message: string }) => void;
}

/** The kills of each process by step, and what the ledger says. */
export interface KillAtStepsRun extends AuditRun {
  killsByStep: KillsByStep;
  /** What lay parked at the end. */
  parked: readonly ParkedView[];
}

/** A consumer that died while it had a message is missed only after a while; so are those that come after it. */
const DRAIN_DEADLINE_MS = 120_000;

/** Starts a shop and places orders while each of its processes is killed (`kill -9`) at each step that it passes, so many times; then compares the ledger with what can be seen from outside. */
export async function killAtSteps(options: KillAtStepsOptions): Promise<KillAtStepsRun> {
  const topology = parseTopology(options.topology);
  const seed = options.seed ?? Math.floor(Math.random() * 1_000_000);
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-steps-'));
  const ownSteps = options.stepsOf ?? ((group: ProcessGroup): readonly string[] => stepsOf(group, topology));
  const victims = new Map(topology.processes.map((group): [string, Victim] => [group.name, { killer: createStepKiller(folder, group.name), steps: ownSteps(group) }]));
  let killsByStep: KillsByStep = {};
  let parked: readonly ParkedView[] = [];
  try {
    const run = await runAudit({
      drainDeadlineMs: DRAIN_DEADLINE_MS,
      ...options,
      seed,
      retryUnknownShare: 1,
      shop: { ...options.shop, env: ({ name }) => ({ ...victims.get(name)?.killer.variables }) },
      audit: async (shop, audit) => {
        const { killsByStep: kills, ...result } = await auditKilling(shop, { ...options, ...audit, victims });
        killsByStep = kills;
        parked = (await Promise.all(shop.processes.map(readParked))).flat();
        return result;
      },
    });
    return { ...run, killsByStep, parked };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Killing = Pick<KillAtStepsOptions, 'killsPerStep' | 'mostPasses' | 'deadlineMs'> & AuditOptions & { victims: ReadonlyMap<string, Victim> };

async function auditKilling(shop: AuditedShop, options: Killing): Promise<AuditResult & { killsByStep: KillsByStep }> {
  const begin = performance.now();
  const { orders, rate, seed, retryUnknownShare, deadlineMs, onProgress } = options;
  const { processes } = shop;
  const onKill = (process: string, step: string): void => onProgress?.({ step: 'kill', process: `${process} ${step}` });
  const audited = await auditLoad(shop, {
    ...options,
    scarceStock: scarceStockFor(orders),
    load: async ({ customers, ledger }) => {
      const late = new AbortController();
      const over = new AbortController();
      let killed = false;
      const killing = endAtSteps({ ...options, processes, signal: late.signal, onKill }).finally(() => { killed = true; });
      const load: LoadSummary = await runLoad({
        baseUrl: shop.baseUrl,
        ledger,
        seed,
        pace: { rate },
        durationMs: deadlineMs,
        signal: over.signal,
        customers,
        retryUnknownShare,
        onSent: (sent) => { if (sent >= orders && killed) over.abort(); },
        onProgress: ({ sent, outcomes }) => onProgress?.({ step: 'load', sent, total: orders, ...outcomes }),
      });
      late.abort();
      const killsByStep = await killing;
      await Promise.all(processes.map((process) => process.ready()));
      return { load, killsByStep, ...totals(killsByStep) };
    },
  });
  return { seed, ...audited, elapsedMs: performance.now() - begin };
}

function totals(killsByStep: KillsByStep): Pick<AuditResult, 'kills' | 'killsByProcess'> {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const byProcess = Object.entries(killsByStep).map(([name, kills]) => [name, sum(Object.values(kills))] as const);
  return { kills: sum(byProcess.map(([, count]) => count)), killsByProcess: Object.fromEntries(byProcess) };
}
