import { expect, test } from 'vitest';
import { planStepKills } from './step-kill-plan.ts';

const STEPS = ['before orders.place', 'after orders.place', 'relay sent brewing'];

test('when kills are planned, then each step has as many, each round has every step, and the passes lie between 1 and the most', () => {
  const plan = planStepKills(STEPS, { killsPerStep: 20, mostPasses: 5, seed: 3 });
  expect(plan).toHaveLength(60);
  for (let round = 0; round < 20; round += 1) expect(plan.slice(round * 3, round * 3 + 3).map(({ step }) => step).sort()).toEqual([...STEPS].sort());
  expect(new Set(plan.map(({ pass }) => pass))).toEqual(new Set([1, 2, 3, 4, 5]));
});

test('when the seed is the same, then so is the plan; another seed gives another', () => {
  const plan = planStepKills(STEPS, { killsPerStep: 5, mostPasses: 50, seed: 3 });
  expect(planStepKills(STEPS, { killsPerStep: 5, mostPasses: 50, seed: 3 })).toEqual(plan);
  expect(planStepKills(STEPS, { killsPerStep: 5, mostPasses: 50, seed: 4 })).not.toEqual(plan);
});
