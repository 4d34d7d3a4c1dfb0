import { OBJECTIVES } from './comparison-settings.ts';
import type { PathName, TopologyReport, Verdict } from './report-schema.ts';
import { figureOf, type Figure } from './statistics.ts';

/** People's names of the paths. */
export const PATH_TITLES: Readonly<Record<PathName, string>> = {
  read: 'GET /menu (cached read)',
  databaseRead: 'GET /orders/:id (database read)',
  order: 'POST /orders (with all that follows)',
  notified: 'POST /orders to notification on /stream',
  login: 'POST /auth/login (password hashing)',
};

/** Something the brews are compared by; less is better. */
export interface Metric {
  title: string;
  group: Verdict['group'];
  /** As the object of "needs … times": lower case. */
  phrase: string;
  of: (topology: TopologyReport) => Figure | null;
  /** How fine the figure is: what it cannot be known better than. */
  stepOf?: (topology: TopologyReport) => number;
  /** Told in the same sentence: what the metric leaves out must not be overlooked. */
  together?: { phrase: string; of: (topology: TopologyReport) => Figure };
  /** A latency says something only where the brew kept up with this path's rate. */
  needsRateOf?: PathName;
}

const NOTHING: Figure = { n: 0, median: 0, min: 0, max: 0, values: [] };

function cpu(path: PathName, what: string): Metric {
  const stepOf: Metric['stepOf'] = ({ paths }) => paths[path].cpuMicros?.step ?? 0;
  const withBackend = ({ paths }: TopologyReport): Figure => paths[path].cpuMicros?.withBackends ?? NOTHING;
  return {
    group: 'cpu',
    title: `CPU of ${PATH_TITLES[path]}`,
    phrase: `CPU time of the apps alone ${what}`,
    of: ({ paths }) => paths[path].cpuMicros?.total ?? NOTHING,
    stepOf,
    together: { phrase: 'apps and backends together', of: withBackend },
  };
}

function cpuWithBackends(path: PathName, what: string): Metric {
  return {
    group: 'cpu',
    title: `CPU with backends of ${PATH_TITLES[path]}`,
    phrase: `CPU time of apps and backends ${what}`,
    of: ({ paths }) => paths[path].cpuMicros?.withBackends ?? NOTHING,
    stepOf: ({ paths }) => paths[path].cpuMicros?.step ?? 0,
  };
}

function bytesOfOrder({ paths: { order } }: TopologyReport): Figure {
  const { sent, received } = order.bytes ?? { sent: NOTHING, received: NOTHING };
  return figureOf(sent.values.map((bytes, index) => bytes + (received.values[index] ?? 0)));
}

/** That of CPU time; and a knee is known as fine as it was searched for: memory costs the less the more orders come while it is held. */
function priceStep({ pricePerMillionOrders: price, paths: { order } }: TopologyReport): number {
  if (price === null || order.cpuMicros === undefined) return 0;
  const { step, total } = order.cpuMicros;
  const ofMemory = price.rateIs === 'half the knee' ? price.memory * OBJECTIVES.tolerance : 0;
  return (price.cpu * step) / Math.max(1, total.median) + ofMemory;
}

export const METRICS: readonly Metric[] = [
  cpu('read', 'for each cached read'),
  cpu('databaseRead', 'for each database read'),
  cpu('order', 'for each order and all that follows'),
  cpu('login', 'for each log-in'),
  cpuWithBackends('order', 'for each order and all that follows'),
  { group: 'latency', title: 'median of GET /menu', phrase: 'time for a cached read', of: ({ paths }) => paths.read.p50Ms, needsRateOf: 'read' },
  { group: 'latency', title: 'p99 of GET /menu', phrase: 'time for the slowest 1 % of cached reads', of: ({ paths }) => paths.read.p99Ms, needsRateOf: 'read' },
  { group: 'latency', title: 'median of GET /orders/:id', phrase: 'time for a database read', of: ({ paths }) => paths.databaseRead.p50Ms, needsRateOf: 'databaseRead' },
  { group: 'latency', title: 'p99 of GET /orders/:id', phrase: 'time for the slowest 1 % of database reads', of: ({ paths }) => paths.databaseRead.p99Ms, needsRateOf: 'databaseRead' },
  { group: 'latency', title: 'median of POST /orders', phrase: 'time to place an order', of: ({ paths }) => paths.order.p50Ms, needsRateOf: 'order' },
  { group: 'latency', title: 'p99 of POST /orders', phrase: 'time for the slowest 1 % of orders', of: ({ paths }) => paths.order.p99Ms, needsRateOf: 'order' },
  { group: 'latency', title: 'median from POST to notification', phrase: 'time from POST to notification', of: ({ paths }) => paths.notified.p50Ms, needsRateOf: 'order' },
  { group: 'latency', title: 'median of POST /auth/login', phrase: 'time to log in', of: ({ paths }) => paths.login.p50Ms, needsRateOf: 'login' },
  { group: 'bytes', title: 'bytes of POST /orders', phrase: 'bytes sent and received for each order', of: bytesOfOrder },
  { group: 'memory', title: 'memory when idle', phrase: 'memory when idle', of: ({ idleRssBytes }) => idleRssBytes },
  { group: 'memory', title: 'memory under load', phrase: 'memory under load', of: ({ loadRssBytes }) => loadRssBytes },
  { group: 'start-up', title: 'time to start', phrase: 'time to start', of: ({ startupMs }) => startupMs },
  { group: 'price', title: 'price of a million orders', phrase: 'money for a million orders', of: ({ pricePerMillionOrders }) => pricePerMillionOrders?.totals ?? NOTHING, stepOf: priceStep },
];
