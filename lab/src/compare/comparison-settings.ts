import type { ModuleName } from '@doubleshot/contracts';
import { REQUESTED_PATHS, type RequestedPath } from './generator/generator-protocol.ts';
import type { BackendsKind } from './open-brews.ts';
import type { ComparisonReport, PathName, SectionName } from './report-schema.ts';

/** What is sent on one path in one window. */
export interface WindowSettings {
  ratePerSecond: number;
  seconds: number;
}

/** How far brews are driven to their limit. */
export interface SaturationSettings {
  /** How often the highest rate is searched for, and latency measured at half of it. */
  passes: number;
  paths: readonly RequestedPath[];
  /** How many work at once in the closed-loop sweep. */
  concurrencies: readonly number[];
  sweepSeconds: number;
  probeSeconds: number;
}

/** What is timed of a change in one module. */
export interface ChangesSettings {
  /** How often each program is built, and each process restarted. */
  repeats: number;
  /** How often the tests of each module are run: they are the same in every brew, and take long. */
  testRuns: number;
}

/** How cached reads are measured beside a busy module. */
export interface IsolationSettings {
  passes: number;
  ratePerSecond: number;
  /** Of each window. */
  seconds: number;
}

/** How brews are driven with more of a process. */
export interface ScalingSettings {
  /** At most. */
  replicas: number;
  passes: number;
  concurrency: number;
  /** Of each window. */
  seconds: number;
}

/** How parts are broken. */
export interface BlastRadiusSettings {
  /** Each process in two ways and the database, or only the process that holds one module, killed. */
  broken: 'every part' | ModuleName;
  undisturbedSeconds: number;
  brokenSeconds: number;
  /** After that it is not waited for any longer. */
  longestRecoverySeconds: number;
}

/** What one form of the comparison asks of each brew. */
export interface ComparisonSettings {
  form: ComparisonReport['form'];
  /** What is measured unless told. */
  sections: readonly SectionName[];
  /** What is measured in containers as well, in the time of those that cannot be measured there. */
  inContainers?: readonly SectionName[];
  /** How often all brews are measured, there and back in turn. */
  passes: number;
  windows: Readonly<Record<RequestedPath, WindowSettings>>;
  customers: number;
  /** How often each brew is started again. */
  starts: number;
  /** Orders whose spans and log lines are counted; they take a few seconds to come together. */
  tracedOrders: number;
  saturation?: SaturationSettings;
  /** Passes over one process to one for each module, with messages inside and outside. */
  arrangementPasses?: number;
  changes?: ChangesSettings;
  blastRadius?: BlastRadiusSettings;
  isolation?: IsolationSettings;
  scaling?: ScalingSettings;
}

/** A window above one of these is void: it tells of the generator, or of others on the machine. */
export interface RoundLimits {
  generatorCores: number;
  strangerCores: number;
  stealShare: number;
  /** How often a void window is measured again at most. */
  repeats: number;
}

/** Cores that strangers may use, unless told. */
export const STRANGER_CORES = 0.25;
export const LIMITS: RoundLimits = { generatorCores: 0.7, strangerCores: STRANGER_CORES, stealShare: 0.05, repeats: 3 };

/** What a rate must hold to count as borne. Log-ins hash a password, and whoever waits for a coffee waits longer than for a page. */
export const OBJECTIVES: { p99Ms: Readonly<Record<PathName, number>>; errorShare: number; tolerance: number } = {
  p99Ms: { read: 50, databaseRead: 50, order: 250, notified: 2_000, login: 500 },
  errorShare: 0.001,
  tolerance: 0.03,
};

/** A window each that a p99 can be told from, of as many orders as two cores bring to their customers; log-ins are too few for one. */
const SHORT_WINDOWS: ComparisonSettings['windows'] = {
  read: { ratePerSecond: 400, seconds: 0.75 },
  databaseRead: { ratePerSecond: 200, seconds: 0.75 },
  order: { ratePerSecond: 50, seconds: 2 },
  login: { ratePerSecond: 6, seconds: 1 },
};

/** Fits into the demo; too short to name a brew. */
export const DEMO: ComparisonSettings = { form: 'demo', sections: ['comparison'], passes: 2, windows: { ...SHORT_WINDOWS, login: { ratePerSecond: 6, seconds: 0.5 } }, customers: 8, starts: 1, tracedOrders: 0 };

const SHORT_ISOLATION: IsolationSettings = { passes: 4, ratePerSecond: 400, seconds: 0.75 };
const ONE_PART: BlastRadiusSettings = { broken: 'notifications', undisturbedSeconds: 3, brokenSeconds: 4, longestRecoverySeconds: 20 };

/** Fits into a minute and a half with the comparison alone; the other sections are there for who asks for them. */
export const QUICK: ComparisonSettings = {
  form: 'quick',
  sections: ['comparison'],
  passes: 4,
  windows: SHORT_WINDOWS,
  customers: 8,
  starts: 1,
  tracedOrders: 3,
  changes: { repeats: 1, testRuns: 1 },
  blastRadius: ONE_PART,
  isolation: SHORT_ISOLATION,
};

/** Log-ins hash a password, whatever the brew: what they bear is left to the full form. */
const SHORT_SATURATION: SaturationSettings = { passes: 1, paths: ['read', 'databaseRead', 'order'], concurrencies: [1, 2, 4, 8, 32, 128], sweepSeconds: 0.6, probeSeconds: 1.25 };

export const STANDARD: ComparisonSettings = {
  form: 'standard',
  sections: ['comparison', 'saturation', 'changes', 'blastRadius', 'isolation'],
  inContainers: ['taxes', 'dial'],
  passes: 5,
  windows: { read: { ratePerSecond: 400, seconds: 1.5 }, databaseRead: { ratePerSecond: 200, seconds: 1.5 }, order: { ratePerSecond: 40, seconds: 2.5 }, login: { ratePerSecond: 6, seconds: 2 } },
  customers: 8,
  starts: 4,
  tracedOrders: 5,
  saturation: SHORT_SATURATION,
  arrangementPasses: 5,
  changes: { repeats: 3, testRuns: 0 },
  blastRadius: ONE_PART,
  isolation: SHORT_ISOLATION,
};

export const FULL: ComparisonSettings = {
  form: 'full',
  sections: ['comparison', 'saturation', 'taxes', 'dial', 'changes', 'blastRadius', 'isolation', 'scaling'],
  passes: 8,
  windows: { read: { ratePerSecond: 400, seconds: 3 }, databaseRead: { ratePerSecond: 200, seconds: 3 }, order: { ratePerSecond: 40, seconds: 4 }, login: { ratePerSecond: 6, seconds: 3 } },
  customers: 8,
  starts: 6,
  tracedOrders: 10,
  saturation: { passes: 4, paths: REQUESTED_PATHS, concurrencies: [1, 2, 4, 8, 16, 32, 64, 128], sweepSeconds: 2, probeSeconds: 4 },
  arrangementPasses: 6,
  changes: { repeats: 5, testRuns: 3 },
  blastRadius: { broken: 'every part', undisturbedSeconds: 5, brokenSeconds: 8, longestRecoverySeconds: 30 },
  isolation: { passes: 8, ratePerSecond: 400, seconds: 3 },
  scaling: { replicas: 3, passes: 4, concurrency: 32, seconds: 2 },
};

/** The setting without which a form does not have a section. */
const NEEDED: Readonly<Partial<Record<SectionName, keyof ComparisonSettings>>> = { saturation: 'saturation', taxes: 'arrangementPasses', dial: 'arrangementPasses', changes: 'changes', blastRadius: 'blastRadius', isolation: 'isolation', scaling: 'scaling' };
/** They are measured on brews of their own, whatever brews are compared. */
export const ON_ARRANGEMENTS: ReadonlySet<SectionName> = new Set(['taxes', 'dial']);
/** They build programs, and start processes again with what else they are to do: in containers that is in the image. */
const EMBEDDED_ALONE: ReadonlySet<SectionName> = new Set(['changes', 'blastRadius', 'isolation', 'scaling']);

export function hasSection(settings: ComparisonSettings, section: SectionName): boolean {
  const needed = NEEDED[section];
  return needed === undefined || settings[needed] !== undefined;
}

/** Whether a section can be measured there. */
export function isMeasuredOn(backends: BackendsKind, section: SectionName): boolean {
  return backends === 'embedded' || !EMBEDDED_ALONE.has(section);
}

/** What a form measures there, unless told. */
export function sectionsOn(backends: BackendsKind, { sections, inContainers = [] }: Pick<ComparisonSettings, 'sections' | 'inContainers'>): SectionName[] {
  return [...sections, ...(backends === 'containers' ? inContainers : [])].filter((section) => isMeasuredOn(backends, section));
}

/** The least form, from this one on, that has a section. */
export function formWith(section: SectionName, form: ComparisonSettings['form']): ComparisonSettings['form'] {
  const forms = [QUICK, STANDARD, FULL];
  const from = forms.slice(Math.max(0, forms.findIndex((settings) => settings.form === form)));
  return (from.find((settings) => hasSection(settings, section)) ?? FULL).form;
}

/** The variables that all brews are started with. */
export const SHOP_SETTINGS = {
  BREW_TIME_SCALE: '0',
  RATE_LIMIT_PER_SECOND: '0',
  LOGIN_RATE_LIMIT_PER_MINUTE: '0',
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0.1',
  // Orders whose spans are counted say that they are to be recorded.
  TRUST_TRACE_CONTEXT: 'true',
} as const;
