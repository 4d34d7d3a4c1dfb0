import { OPERATIONS } from '@doubleshot/contracts';
import { whyNotWhole, type LevelRun } from './level-run.ts';

/** What answers were seen in each topology, by the names that `answerName` gives them. */
export interface SeenAnswers {
  add(topology: string, names: readonly string[]): void;
  /** Says in one line what was checked, or why nothing was. Throws when a declared answer was not seen in every topology. */
  check(run: LevelRun): string;
}

/** `topologies`: those of the level. */
export function createSeenAnswers(topologies: readonly string[], declared: readonly string[] = declaredAnswers()): SeenAnswers {
  const seen = new Map(topologies.map((topology) => [topology, new Set<string>()]));
  return {
    add: (topology, names) => { for (const name of names) seen.get(topology)?.add(name); },
    check: (run) => {
      const obstacle = whyNotWhole(run);
      if (obstacle !== undefined) return `answers not checked: ${obstacle}`;
      const missing = [...seen].flatMap(([topology, names]) => declared.filter((name) => !names.has(name)).map((name) => `\n  ${name} [${topology}]`));
      if (missing.length > 0) throw new Error(`declared in the contracts, but seen by no test:${missing.join('')}`);
      const count = declared.length * topologies.length;
      return `answers checked: ${count} of ${count}`;
    },
  };
}

/** Every success, every problem of its own, and the refusal of whoever may not call, for each operation. */
export function declaredAnswers(): string[] {
  return OPERATIONS.flatMap(({ id, access, responses, requiredHeaders = {}, problems }) => {
    const refusals = { public: [], authenticated: ['token_missing'], staff: ['token_missing', 'forbidden'] }[access];
    return [...Object.keys(responses), ...Object.values(requiredHeaders), ...problems, ...refusals].map((outcome) => `${id} ${outcome}`);
  });
}
