import { ON_ARRANGEMENTS, type BlastRadiusSettings, type ComparisonSettings, type SaturationSettings } from './comparison-settings.ts';
import { REQUESTED_PATHS, type RequestedPath } from './generator/generator-protocol.ts';
import type { SectionName } from './report-schema.ts';

/** One part of a comparison, and about how long it takes. */
export interface PlannedStep {
  title: string;
  seconds: number;
}

export interface PlanOptions {
  settings: ComparisonSettings;
  brews: number;
  backends: 'embedded' | 'containers';
  sections: readonly SectionName[];
}

/** Reading usages, handing over the job, and the last answers. */
const WINDOW_OVERHEAD_S = 0.4;
const START_S = { embedded: 14, containers: 200 };
const RESTART_S = { embedded: 2.5, containers: 10 };
const PREPARE_S = 9;
/** As many as a search takes on average; near a knee that was found already, fewer. */
const PROBES = 8;
const PROBES_NEAR = 5;
/** Until nothing waits from before. */
const SETTLE_S = 0.3;
/** Latencies at half a knee, of each path. */
const HALVES: Readonly<Record<RequestedPath, number>> = { read: 1, databaseRead: 1, order: 2, login: 1 };
/** For each path; orders are searched twice, and share windows. */
const SEARCHES: Readonly<Record<RequestedPath, number>> = { read: 1, databaseRead: 1, order: 1.5, login: 0.9 };
/** Of a sweep; log-ins have no more than 16 at once. */
const SWEEPS: Readonly<Record<RequestedPath, number>> = { read: 1, databaseRead: 1, order: 1, login: 0.6 };
/** Of embedded parts one process, two, three, four, and one whose messages leave it; in containers one and four, on brokers and without. */
const ARRANGEMENTS = { embedded: 5, containers: 4 };
/** In containers they stand on three sets of engines. */
const FURTHER_START_S = { embedded: 0, containers: 60 };

/** Of one brew, and of the wait for the spans of all. */
const TRACED_S = 1;
const SPANS_S = 2.5;

const BUILD_S = 0.6;
/** One of several: it has the machine to itself. */
const RESTART_ONE_S = 1.3;
const TESTS_S = 4;
const MODULES = 4;
/** Of one brew; the monolith's, and one of each module. */
const PROCESSES = 2.5;

const PREPARE_WINDOWS_S = 1.5;
const PREPARE_TRIALS_S = 2;
/** Started again, and a while without anything wrong. */
const RECOVERY_S = 3.5;

/** The parts of a comparison in their order. A quiet machine keeps to it within a fifth or so. */
export function planOf({ settings, brews, backends, sections }: PlanOptions): PlannedStep[] {
  const { windows, passes, starts, tracedOrders, saturation, changes, blastRadius, isolation, scaling, arrangementPasses = 0 } = settings;
  const pass = REQUESTED_PATHS.reduce((sum, path) => sum + windows[path].seconds + WINDOW_OVERHEAD_S, 0);
  const drive = saturation === undefined ? 0 : secondsToDrive(saturation);
  const steps = [
    ...(sections.every((section) => ON_ARRANGEMENTS.has(section)) ? [] : [{ title: 'starting', seconds: START_S[backends] }, { title: 'preparing', seconds: PREPARE_S }]),
    ...(sections.includes('comparison') && tracedOrders > 0 ? [{ title: 'one order traced', seconds: TRACED_S * brews + SPANS_S }] : []),
    ...(sections.includes('comparison') ? [{ title: 'comparison', seconds: passes * pass * brews }] : []),
    ...(sections.includes('saturation') && saturation !== undefined ? [{ title: 'saturation', seconds: drive * brews }] : []),
    ...(sections.includes('comparison') ? [{ title: 'start-up', seconds: starts * RESTART_S[backends] * brews }] : []),
    ...(sections.includes('changes') && changes !== undefined
      ? [{ title: 'a change in one module', seconds: changes.repeats * PROCESSES * brews * (BUILD_S + RESTART_ONE_S) + changes.testRuns * MODULES * TESTS_S }]
      : []),
    ...(sections.includes('isolation') && isolation !== undefined
      ? [{ title: 'isolation', seconds: RESTART_S[backends] + PREPARE_WINDOWS_S + isolation.passes * brews * 2 * (isolation.seconds + WINDOW_OVERHEAD_S) }]
      : []),
    ...(sections.includes('scaling') && scaling !== undefined
      ? [{ title: 'scaling', seconds: brews * (scaling.replicas * RESTART_ONE_S + scaling.passes * scaling.replicas * (scaling.seconds + WINDOW_OVERHEAD_S)) }]
      : []),
    ...(sections.includes('blastRadius') && blastRadius !== undefined ? [{ title: 'blast radius', seconds: brews * secondsToBreak(blastRadius) }] : []),
    ...(sections.some((section) => ON_ARRANGEMENTS.has(section)) && arrangementPasses > 0
      ? [{ title: 'taxes and dial', seconds: START_S[backends] + FURTHER_START_S[backends] + PREPARE_S + arrangementPasses * ARRANGEMENTS[backends] * (windows.order.seconds + 2 * WINDOW_OVERHEAD_S) }]
      : []),
  ];
  return steps;
}

/** Of one brew. */
function secondsToDrive({ passes, paths, concurrencies, sweepSeconds, probeSeconds }: SaturationSettings): number {
  const probe = probeSeconds + WINDOW_OVERHEAD_S;
  const ofPath = (path: RequestedPath): number =>
    SWEEPS[path] * concurrencies.length * (sweepSeconds + WINDOW_OVERHEAD_S) + SEARCHES[path] * (PROBES + (passes - 1) * PROBES_NEAR) * probe + HALVES[path] * passes * (probe + SETTLE_S);
  return paths.reduce((sum, path) => sum + ofPath(path), 0);
}

/** Of one brew. */
function secondsToBreak({ broken, undisturbedSeconds, brokenSeconds }: BlastRadiusSettings): number {
  const trials = broken === 'every part' ? 2 * PROCESSES + 1 : 1;
  return PREPARE_TRIALS_S + trials * (undisturbedSeconds + brokenSeconds + RECOVERY_S);
}

/** Where a comparison is in its plan. */
export interface PlanProgress {
  begin(title: string): void;
  /** A line on what happens now, with the time that is left. `share` of the step is done, 0 to 1; as much as before unless told. */
  tell(message: string, share?: number): void;
  /** Titles of the steps that have not ended; of the one that has begun, its rest. */
  missing(): string[];
}

export function followPlan(steps: readonly PlannedStep[], onProgress: (message: string) => void): PlanProgress {
  let [current, done] = [0, 0];
  const begunAt = performance.now();
  const left = (): number => {
    const planned = (from: number): number => steps.slice(from).reduce((sum, { seconds }) => sum + seconds, 0);
    const ahead = planned(current) - (steps[current]?.seconds ?? 0) * done;
    const behind = planned(0) - ahead;
    // A slow machine will go on being slow.
    const slowness = behind < 1 ? 1 : Math.max(1, (performance.now() - begunAt) / 1_000 / behind);
    return ahead * slowness;
  };
  return {
    begin: (title) => { [current, done] = [Math.max(0, steps.findIndex((step) => step.title === title)), 0]; },
    tell: (message, share = done) => {
      done = share;
      onProgress(`${message} (about ${inWords(left())} left)`);
    },
    missing: () => steps.slice(current).map(({ title }, index) => (index === 0 && done > 0 ? `the rest of ${title}` : title)),
  };
}

/** In steps of ten seconds: it is a guess. */
function inWords(seconds: number): string {
  const tens = Math.max(1, Math.round(seconds / 10)) * 10;
  return tens < 120 ? `${tens} s` : `${Math.round(tens / 60)} min`;
}
