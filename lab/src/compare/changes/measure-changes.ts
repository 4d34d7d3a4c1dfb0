import { programNameOf, rebuildBundle } from '../../topology/programs.ts';
import type { ChangesSettings } from '../comparison-settings.ts';
import { orderOfPass } from '../method/measure-passes.ts';
import type { MeasuredProcess, MeasuredShop } from '../method/measured-shop.ts';
import { whileResting } from '../method/while-resting.ts';
import type { Changes } from '../section-schemas.ts';
import { changesOf, type ChangedBrew } from './changes-of.ts';
import { runModuleTests } from './run-module-tests.ts';

export interface ChangesOptions {
  /** On embedded parts. */
  brews: readonly ChangedBrew[];
  settings: ChangesSettings;
  /** Decides which brew comes first. */
  seed: number;
  /** Ends what is under way. */
  signal: AbortSignal;
  onStep: (title: string, share: number) => void;
  /** Called with all there is after each. */
  onMeasured: (changes: Changes) => void;
}

interface Job {
  title: string;
  /** Answers how long it took, in milliseconds; nothing when it came to no good end. */
  run: () => Promise<number | undefined>;
  times: number[];
}

type Times = Record<string, number[]>;

/** Builds each program, restarts each process and tests each module, one after another, and adds up what that means for a change in one module. */
export async function measureChanges({ brews, settings, seed, signal, onStep, onMeasured }: ChangesOptions): Promise<void> {
  const [build, test, restart]: [Times, Times, Record<string, Times>] = [{}, {}, {}];
  const failures = new Set<string>();
  const groups = brews.flatMap((brew) => brew.groups);
  const builds = [...new Set(groups.map(programNameOf))].map((program): Job => ({ title: `building ${program}`, run: () => rebuildBundle(program), times: (build[program] ??= []) }));
  const tests = [...new Set(groups.flatMap(({ modules }) => modules))].map((module): Job => ({ title: `the tests of ${module}`, run: () => timeOfTests(module), times: (test[module] ??= []) }));
  const timeOfTests = (module: string): Promise<number | undefined> => timeOf(() => runModuleTests(module, signal)).catch((error: unknown) => {
    signal.throwIfAborted();
    failures.add(error instanceof Error ? error.message : String(error));
    return undefined;
  });
  const restartsOf = (shop: MeasuredShop): Job[] => {
    const times = (restart[shop.name] ??= {});
    return shop.processes.map((process) => ({ title: `restarting ${process.name} of ${shop.name}`, run: () => timeOfRestart(process, brews.flatMap((brew) => (brew.shop === shop ? [] : [brew.shop]))), times: (times[process.name] ??= []) }));
  };
  const jobs = [
    ...repeated(settings.repeats, (pass) => [...builds, ...orderOfPass(brews.length, pass, seed).flatMap((index) => (brews[index] === undefined ? [] : restartsOf(brews[index].shop)))]),
    ...repeated(settings.testRuns, () => tests),
  ];
  for (const [done, { title, run, times }] of jobs.entries()) {
    signal.throwIfAborted();
    onStep(title, done / jobs.length);
    const ms = await run();
    if (ms !== undefined) times.push(ms);
    onMeasured({ rows: changesOf(brews, { build, test, restart }), failures: [...failures] });
  }
}

function repeated(times: number, jobsOf: (pass: number) => Job[]): Job[] {
  return Array.from({ length: times }, (_, index) => jobsOf(index + 1)).flat();
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function timeOfRestart(process: MeasuredProcess, resting: readonly MeasuredShop[]): Promise<number> {
  return whileResting(resting, () => timeOf(() => process.restart()));
}
