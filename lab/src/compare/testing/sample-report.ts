import { changesSince } from '../against/changes-since.ts';
import { MICROSERVICES_SPANS, MONOLITH_SPANS } from '../../trace/sample-spans.ts';
import type { ComparisonReport, PathName, RoundReport, Verdict } from '../report-schema.ts';
import { keptSpans } from '../trace/kept-spans.ts';
import { about, ratio } from './sample-figures.ts';
import { sampleEarlier } from './sample-earlier.ts';
import { sampleSaturation } from './sample-saturation.ts';
import { sampleSections } from './sample-sections.ts';
import { sampleTopologies } from './sample-topologies.ts';

const ORDER_OF_TURNS = ['monolith', 'microservices', 'microservices', 'monolith'] as const;
const PASSES = 4;
const WINDOWS: Readonly<Partial<Record<PathName, { ratePerSecond: number; seconds: number }>>> = {
  read: { ratePerSecond: 400, seconds: 3 },
  databaseRead: { ratePerSecond: 200, seconds: 3 },
  order: { ratePerSecond: 40, seconds: 3 },
  login: { ratePerSecond: 6, seconds: 3 },
};
const MEASURED = Object.keys(WINDOWS) as PathName[];

/** A whole comparison of both brews, with figures such as they are: for who draws or reads reports. */
export function sampleReport(): ComparisonReport {
  const now = measuredNow();
  return { ...now, since: changesSince(sampleEarlier(now), now) };
}

function measuredNow(): Omit<ComparisonReport, 'since'> {
  return {
    schemaVersion: 3,
    form: 'full',
    measuredAt: '2026-11-29T03:04:05.000Z',
    elapsedMs: 341_000,
    command: 'npx doubleshot compare --full --seed 7',
    commands: {
      comparison: 'npx doubleshot compare --full --only comparison --seed 7',
      saturation: 'npx doubleshot compare --full --only saturation --seed 7',
      taxes: 'npx doubleshot compare --full --only taxes --seed 7',
      dial: 'npx doubleshot compare --full --only dial --seed 7',
      blastRadius: 'npx doubleshot compare --full --only blastRadius --seed 7',
    },
    environment: {
      node: '24.21.0',
      cores: 6,
      cpu: 'AMD EPYC 7763',
      platform: 'linux x64',
      memoryBytes: 16_777_216_000,
      postgres: 'PostgreSQL 18, a server for each brew',
      durability: 'fsync = on, synchronous_commit = on',
      backends: 'embedded',
      backendParts: 'events and tasks in process (one process) or over PostgreSQL (several), memory cache, SMTP receiver of the lab',
      tracing: 'on in both brews, 10 % of requests sampled (parentbased_traceidratio)',
      sampling: 0.1,
      logging: 'on in both brews, level info, to a file',
      pinning: 'the generator to core 5; the shop to the others',
    },
    settings: {
      seed: 7,
      customers: 8,
      brewTimeScale: 0,
      passes: PASSES,
      windows: WINDOWS,
      limits: { generatorCores: 0.7, strangerCores: 0.2, stealShare: 0.05, repeats: 3 },
      objectives: { p99Ms: { read: 50, databaseRead: 50, order: 250, notified: 2_000, login: 500 }, errorShare: 0.001, tolerance: 0.03 },
      prices: { currency: 'USD', vcpuHour: 0.0404, gibHour: 0.0044, source: 'list price of a container platform' },
      cpuSource: '/proc/<pid>/stat, in steps of 10 ms, window by window',
    },
    rounds: sampleRounds(),
    topologies: sampleTopologies(),
    generatorCores: { read: about(0.21), databaseRead: about(0.14), order: about(0.07), notified: about(0.07), login: about(0.02) },
    verdicts: sampleVerdicts(),
    warnings: [],
    saturation: sampleSaturation(),
    ...sampleSections(),
    trace: { orders: [{ topology: 'monolith', orderId: 'order-1', spans: keptSpans(MONOLITH_SPANS) }, { topology: 'microservices', orderId: 'order-2', spans: keptSpans(MICROSERVICES_SPANS) }], missing: [] },
  };
}

function sampleRounds(): RoundReport[] {
  let startedAfterMs = 21_000;
  const turns = Array.from({ length: PASSES * 2 }, (_, turn) => ({ pass: Math.floor(turn / 2) + 1, topology: ORDER_OF_TURNS[turn % ORDER_OF_TURNS.length] ?? 'monolith' }));
  return turns.flatMap(({ pass, topology }) =>
    MEASURED.flatMap((path) => {
      const noisy = pass === 2 && topology === 'microservices' && path === 'order';
      return (noisy ? [1, 2] : [1]).map((attempt) => {
        startedAfterMs += 3_400;
        const isVoid = noisy && attempt === 1;
        return { pass, topology, path, attempt, startedAfterMs, elapsedMs: 3_050, void: isVoid ? 'strangers used 0.41 of a core, more than 0.20' : null, generatorCores: 0.12, strangerCores: isVoid ? 0.41 : 0.03, stealShare: 0 };
      });
    }),
  );
}

function sampleVerdicts(): Verdict[] {
  const between = { baseline: 'monolith', topology: 'microservices' } as const;
  return [
    { ...between, metric: 'CPU of POST /orders (with all that follows)', group: 'cpu', ratio: ratio(1.62), outcome: 'differ', winner: 'monolith', sentence: 'Microservices needs 1.62× the CPU time of the apps alone for each order and all that follows that monolith does (1.52× to 1.72×, n = 4 pairs).' },
    { ...between, metric: 'highest rate of POST /orders', group: 'capacity', ratio: ratio(0.68, 0.03), outcome: 'differ', winner: 'monolith', sentence: 'Monolith bears 1.47× the orders each second that microservices does (1.43× to 1.52×, n = 4 pairs).' },
    { ...between, metric: 'memory when idle', group: 'memory', ratio: ratio(3.47, 0.02), outcome: 'differ', winner: 'monolith', sentence: 'Microservices needs 3.47× the memory when idle that monolith does (3.40× to 3.54×, n = 4 pairs).' },
    { ...between, metric: 'price of a million orders', group: 'price', ratio: ratio(1.78), outcome: 'differ', winner: 'monolith', sentence: 'Microservices needs 1.78× the money for a million orders that monolith does (1.67× to 1.88×, n = 4 pairs).' },
    { ...between, metric: 'p99 of POST /auth/login', group: 'latency', ratio: { low: 0, estimate: 0, high: 0, pairs: [] }, outcome: 'too few', sentence: 'p99 of POST /auth/login: too few answers in each window to tell.' },
    { ...between, metric: 'median of POST /auth/login', group: 'latency', ratio: ratio(1.02), outcome: 'indistinguishable', sentence: 'No winner in time to log in: the difference is inside the noise (microservices 0.96× to 1.08×, n = 4 pairs).' },
  ];
}
