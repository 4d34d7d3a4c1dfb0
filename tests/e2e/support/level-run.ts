import type { TestProject } from 'vitest/node';

/** What ran of a level. */
export interface LevelRun {
  /** Test files it has, which of them ran, and in which something failed. */
  files: number;
  ran: number;
  failed: number;
  /** Whether tests were picked by name. */
  picked: boolean;
}

export async function levelRunOf(project: TestProject): Promise<LevelRun> {
  const { testFiles } = await project.globTestFiles();
  const modules = project.vitest.state.getTestModules().filter((module) => module.project.name === project.name);
  return { files: testFiles.length, ran: modules.length, failed: modules.filter((module) => !module.ok()).length, picked: project.vitest.getGlobalTestNamePattern() !== undefined };
}

/** Why what no test did says nothing about the level; when some failed, more is missing than is worth telling. */
export function whyNotWhole({ files, ran, failed, picked }: LevelRun): string | undefined {
  if (picked) return 'tests were picked by name';
  if (ran !== files) return `${ran} of ${files} test files ran`;
  if (failed > 0) return `tests failed in ${failed} of ${files} files`;
  return undefined;
}
