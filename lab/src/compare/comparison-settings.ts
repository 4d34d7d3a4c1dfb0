import type { RequestedPath } from './generator/generator-protocol.ts';
import type { ComparisonReport, PathName } from './report-schema.ts';

/** What is sent on one path in one window. */
export interface WindowSettings {
  ratePerSecond: number;
  seconds: number;
}

/** How far brews are driven to their limit. */
export interface SaturationSettings {
  /** How many work at once in the closed-loop sweep. */
  concurrencies: readonly number[];
  sweepSeconds: number;
  probeSeconds: number;
}

/** What one form of the comparison asks of each brew. */
export interface ComparisonSettings {
  form: ComparisonReport['form'];
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
export const DEMO: ComparisonSettings = { form: 'demo', passes: 2, windows: { ...SHORT_WINDOWS, login: { ratePerSecond: 6, seconds: 0.5 } }, customers: 8, starts: 1, tracedOrders: 0 };

export const QUICK: ComparisonSettings = { form: 'quick', passes: 4, windows: SHORT_WINDOWS, customers: 8, starts: 1, tracedOrders: 3 };

const SWEEP = [1, 2, 4, 8, 16, 32, 64, 128];

export const STANDARD: ComparisonSettings = {
  form: 'standard',
  passes: 5,
  windows: { read: { ratePerSecond: 400, seconds: 1.5 }, databaseRead: { ratePerSecond: 200, seconds: 1.5 }, order: { ratePerSecond: 40, seconds: 2.5 }, login: { ratePerSecond: 6, seconds: 2 } },
  customers: 8,
  starts: 4,
  tracedOrders: 5,
  saturation: { concurrencies: SWEEP, sweepSeconds: 0.8, probeSeconds: 1.5 },
};

export const FULL: ComparisonSettings = {
  form: 'full',
  passes: 8,
  windows: { read: { ratePerSecond: 400, seconds: 3 }, databaseRead: { ratePerSecond: 200, seconds: 3 }, order: { ratePerSecond: 40, seconds: 4 }, login: { ratePerSecond: 6, seconds: 3 } },
  customers: 8,
  starts: 6,
  tracedOrders: 10,
  saturation: { concurrencies: SWEEP, sweepSeconds: 2, probeSeconds: 4 },
  arrangementPasses: 6,
};

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
