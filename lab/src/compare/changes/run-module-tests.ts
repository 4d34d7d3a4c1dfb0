import { join } from 'node:path';
import { LabError } from '../../errors.ts';
import { ROOT } from '../../paths.ts';
import { runTool } from '../../run-tool.ts';

const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');

/** Runs the unit tests of one module; resolves when they have passed. */
export async function runModuleTests(module: string, signal: AbortSignal): Promise<void> {
  try {
    await runTool(process.execPath, [VITEST, 'run', '--root', ROOT, '--project', 'unit', join('services', module)], { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new LabError(`the unit tests of ${module} did not pass: vitest run --project unit services/${module} says why`, { cause: error });
  }
}
