import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAtSteps } from '../end-at-steps.ts';
import type { Stage } from '../stage.ts';
import { planStepKills } from '../step-kill-plan.ts';
import { createStepKiller } from '../step-killer.ts';
import { MATRIX_STEPS, stepsOf } from '../steps.ts';
import type { Scene, Trial } from '../trial.ts';

const KILLS_PER_STEP = 20;
/** About as many as one second brings. */
const MOST_PASSES = 15;

/** F2: each process is killed exactly at each step that the matrix names. */
export function stepKills(stage: Stage): Trial[] {
  return [{ fault: 'F2', name: 'kill -9 at each named step', inflict: (scene) => killAtEach(stage, scene) }];
}

async function killAtEach(stage: Stage, { full, random, rate }: Scene): ReturnType<Trial['inflict']> {
  const { shop } = stage;
  const killsPerStep = full ? KILLS_PER_STEP : 1;
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-steps-'));
  try {
    const seed = random.below(1_000_000);
    const ends = shop.processes.map(async (process) => {
      const steps = shop.topology.processes.filter(({ name }) => name === process.name).flatMap((group) => stepsOf(group, shop.topology)).filter((step) => MATRIX_STEPS.has(step));
      if (steps.length === 0) return [];
      const killer = createStepKiller(folder, process.name);
      stage.give(process.name, killer.variables);
      await process.restart();
      const kills = await endAtSteps({ process, killer, plan: planStepKills(steps, { killsPerStep, mostPasses: MOST_PASSES, seed }), processes: shop.processes, steady: rate });
      stage.give(process.name);
      return Object.entries(kills).map(([step, count]) => ({ step: `${process.name} ${step}`, count }));
    });
    const kills = (await Promise.all(ends)).flat();
    const missed = kills.filter(({ count }) => count < killsPerStep).map(({ step, count }) => `${step}: ${count} of ${killsPerStep} kills`);
    const sum = kills.reduce((total, { count }) => total + count, 0);
    return { kills: sum, notes: [`${sum} kills at ${kills.length} steps`], faults: missed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
