import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAtSteps, type Victim } from '../end-at-steps.ts';
import type { Stage } from '../stage.ts';
import { createStepKiller } from '../step-killer.ts';
import { MATRIX_STEPS, stepsOf } from '../steps.ts';
import type { Scene, Trial } from '../trial.ts';

const KILLS_PER_STEP = 20;
/** About as many as one second brings. */
const MOST_PASSES = 15;
const KILLS_BETWEEN_NEWS = 20;

/** F2: each process is killed exactly at each step that the matrix names. */
export function stepKills(stage: Stage): Trial[] {
  return [{ fault: 'F2', name: 'kill -9 at each named step', inflict: (scene) => killAtEach(stage, scene) }];
}

async function killAtEach(stage: Stage, { full, random, rate, onProgress }: Scene): ReturnType<Trial['inflict']> {
  const { processes, topology } = stage.shop;
  const killsPerStep = full ? KILLS_PER_STEP : 1;
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-steps-'));
  try {
    const victims = new Map<string, Victim>();
    for (const process of processes) {
      const steps = stepsOf(process, topology).filter((step) => MATRIX_STEPS.has(step));
      if (steps.length > 0) victims.set(process.name, { killer: createStepKiller(folder, process.name), steps });
    }
    await Promise.all(processes.filter(({ name }) => victims.has(name)).map(async (process) => {
      stage.give(process.name, victims.get(process.name)?.killer.variables);
      await process.restart();
    }));
    const planned = [...victims.values()].reduce((sum, { steps }) => sum + steps.length * killsPerStep, 0);
    let done = 0;
    const onKill = (): void => {
      done += 1;
      if (done % KILLS_BETWEEN_NEWS === 0) onProgress(`${done} of ${planned} kills`);
    };
    const kills = await endAtSteps({ processes, victims, killsPerStep, mostPasses: MOST_PASSES, seed: random.below(1_000_000), rate, onKill });
    for (const name of victims.keys()) stage.give(name);
    const counts = Object.entries(kills).flatMap(([process, bySteps]) => Object.entries(bySteps).map(([step, count]) => ({ step: `${process} ${step}`, count })));
    const missed = counts.filter(({ count }) => count < killsPerStep).map(({ step, count }) => `${step}: ${count} of ${killsPerStep} kills`);
    const sum = counts.reduce((total, { count }) => total + count, 0);
    return { kills: sum, notes: [`${sum} kills at ${counts.length} steps`], faults: missed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
