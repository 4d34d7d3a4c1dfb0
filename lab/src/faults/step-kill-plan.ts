import { createSeededRandom, type SeededRandom } from '../load/seeded-random.ts';

/** One `kill -9`, when a step is passed for the `pass`th time since the process was started. */
export interface StepKill {
  step: string;
  pass: number;
}

export interface StepKillOptions {
  killsPerStep: number;
  /** Passes are chosen from 1 to this. */
  mostPasses: number;
  seed: number;
}

/** Chooses, from the seed alone, in which order and at which pass the kills at these steps come. */
export function planStepKills(steps: readonly string[], { killsPerStep, mostPasses, seed }: StepKillOptions): StepKill[] {
  const random = createSeededRandom(seed ^ 0x57e9);
  const rounds = Array.from({ length: killsPerStep }, () => shuffled(steps, random));
  return rounds.flat().map((step) => ({ step, pass: 1 + random.below(mostPasses) }));
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  return items.map((item) => ({ item, at: random.next() })).sort((one, other) => one.at - other.at).map(({ item }) => item);
}
