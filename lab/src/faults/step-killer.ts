import { access, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { StepKill } from './step-kill-plan.ts';

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'step-killer-preload.ts')).href;
const LOOK_EVERY_MS = 20;
/** Longer than a process takes to see that it is no longer told to end. */
const DISARMED_AFTER_MS = 300;

/** Has a process end, as by `kill -9`, exactly at a step. */
export interface StepKiller {
  /** The process must be started with these. */
  readonly variables: Readonly<Record<string, string>>;
  /** The process ends when it passes the step for the `pass`th time from now on. Resolves with whether it did within that time; if not, it lives. */
  kill(kill: StepKill, withinMs: number): Promise<boolean>;
}

/** `folder`: where the lab and the process tell each other. */
export function createStepKiller(folder: string, processName: string): StepKiller {
  const order = join(folder, `${processName}.order`);
  const report = join(folder, `${processName}.report`);
  const ended = (): Promise<boolean> => access(report).then(() => true, () => false);
  return {
    variables: { NODE_OPTIONS: `--import ${PRELOAD}`, STEP_KILL_ORDER: order, STEP_KILL_REPORT: report },
    kill: async ({ step, pass }, withinMs) => {
      await rm(report, { force: true });
      // Never seen half written.
      await writeFile(`${order}.new`, `${pass} ${step}`);
      await rename(`${order}.new`, order);
      const deadline = performance.now() + withinMs;
      while (!(await ended()) && performance.now() < deadline) await sleep(LOOK_EVERY_MS);
      await rm(order, { force: true });
      if (await ended()) return true;
      await sleep(DISARMED_AFTER_MS);
      return ended();
    },
  };
}
