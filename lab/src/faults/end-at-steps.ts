import { drain } from '../audit/drain.ts';
import type { Killable } from '../audit/kills.ts';
import type { OpsTarget } from '../audit/pipes.ts';
import { planStepKills, type StepKill, type StepKillOptions } from './step-kill-plan.ts';
import type { StepKiller } from './step-killer.ts';

/** A process passes each of its steps several times a second under load, and within so long when much else is down. */
const PASSES_WITHIN_MS = 60_000;
const CALM_WITHIN_MS = 30_000;
/** Messages that are under way in a steady load, for each order a second: one order makes about ten, which take some tenths of a second each. */
const UNDER_WAY_PER_RATE = 4;

/** What ends a process, and where. */
export interface Victim {
  killer: StepKiller;
  steps: readonly string[];
}

/** How often a process ended at a step, by the names of both. */
export type KillsByStep = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface EndAtStepsOptions extends StepKillOptions {
  /** All of the shop: the next kill comes when what the last one left behind is done, and the load is steady again. */
  processes: readonly (OpsTarget & Killable)[];
  /** By the name of a process; others are left alone. */
  victims: ReadonlyMap<string, Victim>;
  /** Orders per second. */
  rate: number;
  signal?: AbortSignal;
  onKill?: (process: string, step: string) => void;
}

/** Ends each process at one of its steps after the other, all processes at once, and starts it again each time. A step that was not passed in time has fewer kills than planned. */
export async function endAtSteps(options: EndAtStepsOptions): Promise<KillsByStep> {
  const ends = options.processes.map(async (process) => {
    const victim = options.victims.get(process.name);
    return victim === undefined ? [] : [[process.name, await endOne(process, victim.killer, planStepKills(victim.steps, options), options)] as const];
  });
  return Object.fromEntries((await Promise.all(ends)).flat());
}

async function endOne(process: Killable, killer: StepKiller, plan: readonly StepKill[], { processes, rate, signal, onKill }: EndAtStepsOptions): Promise<Record<string, number>> {
  const kills: Record<string, number> = Object.fromEntries(plan.map(({ step }) => [step, 0]));
  for (const kill of plan) {
    if (signal?.aborted === true) break;
    await drain(processes, { deadlineMs: CALM_WITHIN_MS, most: UNDER_WAY_PER_RATE * rate });
    if (!(await killer.kill(kill, PASSES_WITHIN_MS))) continue;
    kills[kill.step] = (kills[kill.step] ?? 0) + 1;
    onKill?.(process.name, kill.step);
    await process.restart();
  }
  return kills;
}
