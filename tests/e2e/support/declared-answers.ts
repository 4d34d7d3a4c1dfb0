import { OPERATIONS } from '@doubleshot/contracts';
import type { TestProject } from 'vitest/node';

/** What answers were seen in each topology, by the names that `answerName` gives them. */
export interface SeenAnswers {
  add(topology: string, names: readonly string[]): void;
  /** After a whole level that passed: throws when an answer that the contracts declare was not seen in every topology. */
  expectAll(project: TestProject): Promise<void>;
}

/** `topologies`: those of the level. */
export function createSeenAnswers(topologies: readonly string[]): SeenAnswers {
  const seen = new Map(topologies.map((topology) => [topology, new Set<string>()]));
  return {
    add: (topology, names) => { for (const name of names) seen.get(topology)?.add(name); },
    expectAll: async (project) => {
      if (!(await ranWhole(project))) return;
      const declared = declaredAnswers();
      const missing = [...seen].flatMap(([topology, names]) => declared.filter((name) => !names.has(name)).map((name) => `\n  ${name} [${topology}]`));
      if (missing.length > 0) throw new Error(`declared in the contracts, but seen by no test:${missing.join('')}`);
    },
  };
}

/** Every success, every problem of its own, and the refusal of whoever may not call, for each operation. */
function declaredAnswers(): string[] {
  return OPERATIONS.flatMap(({ id, access, responses, requiredHeaders = {}, problems }) => {
    const refusals = { public: [], authenticated: ['token_missing'], staff: ['token_missing', 'forbidden'] }[access];
    return [...Object.keys(responses), ...Object.values(requiredHeaders), ...problems, ...refusals].map((outcome) => `${id} ${outcome}`);
  });
}

/** Not when files or tests were picked, and not when some failed: then more is missing than is worth telling. */
async function ranWhole(project: TestProject): Promise<boolean> {
  const { testFiles } = await project.globTestFiles();
  const modules = project.vitest.state.getTestModules().filter((module) => module.project.name === project.name);
  return modules.length === testFiles.length && modules.every((module) => module.ok()) && project.vitest.getGlobalTestNamePattern() === undefined;
}
