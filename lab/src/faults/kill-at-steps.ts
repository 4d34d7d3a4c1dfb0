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
import { endAtSteps } from './end-at-steps.ts';
import { readParked, type ParkedView } from './poison-parked.ts';
import { planStepKills } from './step-kill-plan.ts';
import { createStepKiller, type StepKiller } from './step-killer.ts';
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

type KillsByStep = Readonly<Record<string, Readonly<Record<string, number>>>>;

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
  const killers = new Map(topology.processes.map(({ name }) => [name, createStepKiller(folder, name)]));
  let killsByStep: KillsByStep = {};
  let parked: readonly ParkedView[] = [];
  try {
    const run = await runAudit({
      drainDeadlineMs: DRAIN_DEADLINE_MS,
      ...options,
      seed,
      retryUnknownShare: 1,
      shop: { ...options.shop, env: ({ name }) => ({ ...killers.get(name)?.variables }) },
      audit: async (shop, audit) => {
        const victims = topology.processes.map((group) => ({ name: group.name, killer: killers.get(group.name), steps: (options.stepsOf ?? ((each) => stepsOf(each, topology)))(group) }));
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

interface Victim {
  name: string;
  killer: StepKiller | undefined;
  steps: readonly string[];
}

type Killing = Pick<KillAtStepsOptions, 'killsPerStep' | 'mostPasses' | 'deadlineMs'> & AuditOptions & { victims: readonly Victim[] };

async function auditKilling(shop: AuditedShop, options: Killing): Promise<AuditResult & { killsByStep: KillsByStep }> {
  const begin = performance.now();
  const { orders, rate, seed, retryUnknownShare, deadlineMs, onProgress } = options;
  const audited = await auditLoad(shop, {
    ...options,
    scarceStock: scarceStockFor(orders),
    load: async ({ customers, ledger }) => {
      const late = new AbortController();
      const over = new AbortController();
      let killed = false;
      const killing = killAll(shop, options, late.signal).finally(() => { killed = true; });
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
      await Promise.all(shop.processes.map((process) => process.ready()));
      return { load, killsByStep, ...totals(killsByStep) };
    },
  });
  return { seed, ...audited, elapsedMs: performance.now() - begin };
}

/** All processes at once, each at its own steps. */
async function killAll(shop: AuditedShop, { victims, seed, killsPerStep, mostPasses, rate, onProgress }: Killing, signal: AbortSignal): Promise<KillsByStep> {
  const { processes } = shop;
  const ends = processes.map(async (process) => {
    const { killer, steps = [] } = victims.find(({ name }) => name === process.name) ?? {};
    if (killer === undefined) return [process.name, {}] as const;
    const plan = planStepKills(steps, { killsPerStep, mostPasses, seed });
    const onKill = (step: string): void => onProgress?.({ step: 'kill', process: `${process.name} ${step}` });
    return [process.name, await endAtSteps({ process, killer, plan, processes, steady: rate, signal, onKill })] as const;
  });
  return Object.fromEntries(await Promise.all(ends));
}

function totals(killsByStep: KillsByStep): Pick<AuditResult, 'kills' | 'killsByProcess'> {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const byProcess = Object.entries(killsByStep).map(([name, kills]) => [name, sum(Object.values(kills))] as const);
  return { kills: sum(byProcess.map(([, count]) => count)), killsByProcess: Object.fromEntries(byProcess) };
}
