import type { CodeBytes, CpuReport, PathName, PathReport, ProcessReport, TopologyReport } from '../report-schema.ts';
import { figureOf } from '../statistics.ts';
import { about, tailed } from './sample-figures.ts';

interface PathSample {
  rate: number;
  p50: number;
  p99: number;
  /** CPU microseconds by process, and those of PostgreSQL. */
  cpu?: Readonly<Record<string, number>>;
  postgres?: number;
  bytes?: readonly [number, number];
}

interface TopologySample {
  name: string;
  processes: Readonly<Record<string, { modules: readonly string[]; idle: number; bundle: number }>>;
  startupMs: number;
  spans: number;
  logLines: number;
  paths: Readonly<Record<PathName, PathSample>>;
}

const SECONDS = 3;
const PASSES = 4;
const MEBIBYTE = 1_048_576;
const MODULES = ['gateway', 'auth', 'orders', 'notifications'] as const;

const ONE: TopologySample = {
  name: 'monolith',
  processes: { monolith: { modules: MODULES, idle: 118, bundle: 842_000 } },
  startupMs: 640,
  spans: 22,
  logLines: 14,
  paths: {
    read: { rate: 400, p50: 0.7, p99: 2.1, cpu: { monolith: 210 }, postgres: 1, bytes: [190, 2_310] },
    databaseRead: { rate: 200, p50: 1.3, p99: 3.9, cpu: { monolith: 520 }, postgres: 190, bytes: [860, 1_120] },
    order: { rate: 40, p50: 4.1, p99: 12.5, cpu: { monolith: 5_900 }, postgres: 4_100, bytes: [1_090, 1_240] },
    notified: { rate: 40, p50: 38, p99: 96 },
    login: { rate: 6, p50: 46, p99: 71, cpu: { monolith: 44_000 }, postgres: 900, bytes: [330, 1_980] },
  },
};

const FOUR: TopologySample = {
  name: 'microservices',
  processes: {
    gateway: { modules: ['gateway'], idle: 92, bundle: 214_000 },
    auth: { modules: ['auth'], idle: 104, bundle: 388_000 },
    orders: { modules: ['orders'], idle: 109, bundle: 461_000 },
    notifications: { modules: ['notifications'], idle: 105, bundle: 420_000 },
  },
  startupMs: 1_310,
  spans: 31,
  logLines: 19,
  paths: {
    read: { rate: 400, p50: 1.2, p99: 3.8, cpu: { gateway: 240, auth: 0, orders: 205, notifications: 0 }, postgres: 1, bytes: [190, 2_312] },
    databaseRead: { rate: 200, p50: 2.0, p99: 5.6, cpu: { gateway: 270, auth: 0, orders: 490, notifications: 0 }, postgres: 195, bytes: [860, 1_122] },
    order: { rate: 40, p50: 6.2, p99: 19.4, cpu: { gateway: 420, auth: 30, orders: 5_200, notifications: 3_900 }, postgres: 9_800, bytes: [1_090, 1_242] },
    notified: { rate: 40, p50: 71, p99: 166 },
    login: { rate: 6, p50: 47, p99: 74, cpu: { gateway: 380, auth: 43_800, orders: 0, notifications: 0 }, postgres: 910, bytes: [330, 1_982] },
  },
};

/** Both brews, as a quiet machine of four cores might measure them. */
export function sampleTopologies(): TopologyReport[] {
  return [topologyOf(ONE, 0.9), topologyOf(FOUR, 1.6)];
}

function topologyOf(sample: TopologySample, price: number): TopologyReport {
  const processes = Object.entries(sample.processes).map(([name, process]): ProcessReport => ({
    name,
    modules: [...process.modules],
    idleRssBytes: about(process.idle * MEBIBYTE),
    loadRssBytes: about(process.idle * 1.4 * MEBIBYTE),
    kneeRssBytes: about(process.idle * 1.7 * MEBIBYTE),
    startupMs: about(sample.startupMs * 0.9),
    codeBytes: codeOf(process.bundle),
  }));
  const memory = processes.reduce((sum, { idleRssBytes }) => sum + idleRssBytes.median, 0);
  return {
    name: sample.name,
    processes,
    startupMs: about(sample.startupMs),
    idleRssBytes: about(memory),
    loadRssBytes: about(memory * 1.4),
    kneeRssBytes: about(memory * 1.7),
    codeBytes: codeOf(Object.values(sample.processes).reduce((sum, { bundle }) => sum + bundle, 0)),
    perOrder: { spans: figureOf(Array.from({ length: 10 }, () => sample.spans)), logLines: figureOf(Array.from({ length: 10 }, (_, index) => sample.logLines + (index % 2))) },
    pricePerMillionOrders: { atRatePerSecond: 110, rateIs: 'half the knee', cpu: price * 0.4, backendCpu: price * 0.4, memory: price * 0.2, total: price, totals: about(price) },
    paths: {
      read: pathOf(sample.paths.read),
      databaseRead: pathOf(sample.paths.databaseRead),
      order: pathOf(sample.paths.order),
      notified: pathOf(sample.paths.notified),
      login: { ...pathOf(sample.paths.login), p99Ms: null },
    },
  };
}

function codeOf(total: number): CodeBytes {
  return { start: total / 2, total };
}

function pathOf({ rate, p50, p99, cpu, postgres = 0, bytes }: PathSample): PathReport {
  return {
    ratePerSecond: rate,
    seconds: SECONDS,
    requests: rate * SECONDS * PASSES,
    errors: 0,
    dropped: 0,
    throughput: about(rate),
    p50Ms: about(p50),
    p99Ms: about(p99),
    latency: tailed(p50, p99),
    ...(cpu !== undefined && { cpuMicros: cpuOf(cpu, postgres) }),
    ...(bytes !== undefined && { bytes: { sent: about(bytes[0]), received: about(bytes[1]) } }),
  };
}

function cpuOf(cpu: Readonly<Record<string, number>>, postgres: number): CpuReport {
  const total = Object.values(cpu).reduce((sum, micros) => sum + micros, 0);
  return {
    total: about(total),
    byProcess: Object.fromEntries(Object.entries(cpu).map(([name, micros]) => [name, about(micros)])),
    byBackend: { PostgreSQL: about(postgres) },
    withBackends: about(total + postgres),
    step: 8,
  };
}
