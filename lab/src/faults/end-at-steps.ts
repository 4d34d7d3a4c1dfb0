import { setTimeout as sleep } from 'node:timers/promises';
import type { Killable } from '../audit/kills.ts';
import { readPipes, type OpsTarget } from '../audit/pipes.ts';
import type { StepKill } from './step-kill-plan.ts';
import type { StepKiller } from './step-killer.ts';

/** A process passes each of its steps several times a second under load, and within so long when much else is down. */
const PASSES_WITHIN_MS = 60_000;
const CALM_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;

export interface EndAtStepsOptions {
  process: Killable;
  killer: StepKiller;
  plan: readonly StepKill[];
  /** Of the whole shop: the next kill comes when what the last one left behind is done, and the load is steady again. */
  processes: readonly OpsTarget[];
  /** Messages that are under way in a steady load, at most. */
  steady: number;
  signal?: AbortSignal;
  onKill?: (step: string) => void;
}

/** Ends a process at one step after the other, and starts it again each time. Answers the kills that came by step; a step it did not pass in time has fewer than planned. */
export async function endAtSteps({ process, killer, plan, processes, steady, signal, onKill }: EndAtStepsOptions): Promise<Readonly<Record<string, number>>> {
  const kills: Record<string, number> = Object.fromEntries(plan.map(({ step }) => [step, 0]));
  for (const kill of plan) {
    if (signal?.aborted === true) break;
    await calm(processes, steady);
    if (!(await killer.kill(kill, PASSES_WITHIN_MS))) continue;
    kills[kill.step] = (kills[kill.step] ?? 0) + 1;
    onKill?.(kill.step);
    await process.restart();
  }
  return kills;
}

async function calm(processes: readonly OpsTarget[], steady: number): Promise<void> {
  const deadline = performance.now() + CALM_WITHIN_MS;
  while (performance.now() < deadline) {
    const { moving, silent } = await readPipes(processes);
    if (silent.length === 0 && moving.reduce((sum, { count }) => sum + count, 0) <= steady) return;
    await sleep(LOOK_EVERY_MS);
  }
}
