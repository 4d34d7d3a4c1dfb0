import type { ComparisonReport } from '../report-schema.ts';
import type { Dial, Taxes } from '../section-schemas.ts';
import { about, ratio } from './sample-figures.ts';

const MEBIBYTE = 1_048_576;
type OrderCost = Dial['steps'][number]['order'];

function orderCost(cpu: number, backends: number, p50: number, notified: number): OrderCost {
  return { cpuMicros: about(cpu), cpuMicrosWithBackends: about(cpu + backends), p50Ms: about(p50), notifiedP50Ms: about(notified), loadRssBytes: about(cpu / 40 * MEBIBYTE) };
}

function price(metric: string, estimate: number): Taxes['brokers'][number] {
  return { metric, ratio: ratio(estimate), sentence: `${metric}: ${estimate.toFixed(2)}×` };
}

const CPU = 'CPU of apps and backends for each order';
const NOTIFIED = 'time from POST to notification';
const ROW = { fault: 'killed' } as const;
const SCALED = { path: 'databaseRead' } as const;
const BUSY = { module: 'notifications', disturbance: 'event loop busy 100 ms of every 200 ms', observedPath: 'read', ratePerSecond: 400 } as const;

/** The optional sections, those that other parts of the lab measure among them. */
export function sampleSections(): Pick<ComparisonReport, 'taxes' | 'dial' | 'blastRadius' | 'scaling' | 'changes' | 'isolation'> {
  return {
    taxes: {
      cells: [
        { topology: 'monolith', messaging: 'in-process', order: orderCost(5_900, 4_100, 4.1, 38) },
        { topology: 'monolith', messaging: 'postgres', order: orderCost(7_600, 9_300, 4.6, 62) },
        { topology: 'microservices', messaging: 'in-process', order: null },
        { topology: 'microservices', messaging: 'postgres', order: orderCost(9_550, 9_800, 6.2, 71) },
      ],
      brokers: [price(CPU, 1.69), price(NOTIFIED, 1.63)],
      splitting: [price(CPU, 1.15), price(NOTIFIED, 1.15)],
    },
    dial: {
      steps: [
        { topology: 'monolith', processes: 1, order: orderCost(5_900, 4_100, 4.1, 38) },
        { topology: 'gateway+auth | orders+notifications', processes: 2, order: orderCost(8_700, 9_500, 5.6, 66) },
        { topology: 'gateway+auth | orders | notifications', processes: 3, order: orderCost(9_100, 9_700, 5.9, 69) },
        { topology: 'microservices', processes: 4, order: orderCost(9_550, 9_800, 6.2, 71) },
      ],
      cuts: [
        { from: 'monolith', to: 'gateway+auth | orders+notifications', prices: [price(CPU, 1.82), price(NOTIFIED, 1.74)] },
        { from: 'gateway+auth | orders+notifications', to: 'gateway+auth | orders | notifications', prices: [price(CPU, 1.03), price(NOTIFIED, 1.05)] },
        { from: 'gateway+auth | orders | notifications', to: 'microservices', prices: [price(CPU, 1.03), price(NOTIFIED, 1.03)] },
      ],
    },
    blastRadius: {
      brokenSeconds: 4,
      rows: [
        { ...ROW, topology: 'monolith', part: 'notifications', journeys: { 'read the menu': 'fails', 'log in': 'fails', order: 'fails', 'be told': 'fails' }, recoveryMs: 900 },
        { ...ROW, topology: 'microservices', part: 'notifications', journeys: { 'read the menu': 'works', 'log in': 'works', order: 'works', 'be told': 'fails' }, recoveryMs: 1_400 },
        { ...ROW, topology: 'microservices', part: 'auth', journeys: { 'read the menu': 'works', 'log in': 'fails', order: 'degrades', 'be told': 'works' }, recoveryMs: null },
      ],
    },
    scaling: {
      concurrency: 32,
      rows: [
        { ...SCALED, topology: 'monolith', replicas: { monolith: 1 }, coresNeeded: 4, ratePerSecond: about(1_220), perAddedCore: null, cpuMicros: about(590), rssBytes: about(170 * MEBIBYTE) },
        { ...SCALED, topology: 'monolith', replicas: { monolith: 2 }, coresNeeded: 5, ratePerSecond: about(2_190), perAddedCore: about(980), cpuMicros: about(610), rssBytes: about(330 * MEBIBYTE) },
        { ...SCALED, topology: 'microservices', replicas: { gateway: 1, auth: 1, orders: 1, notifications: 1 }, coresNeeded: 5, ratePerSecond: about(940), perAddedCore: null, cpuMicros: about(960), rssBytes: about(580 * MEBIBYTE) },
        { ...SCALED, topology: 'microservices', replicas: { gateway: 1, auth: 1, orders: 2, notifications: 1 }, coresNeeded: 6, ratePerSecond: about(1_710), perAddedCore: about(1_240), cpuMicros: about(980), rssBytes: about(720 * MEBIBYTE) },
        { ...SCALED, topology: 'microservices', replicas: { gateway: 1, auth: 1, orders: 3, notifications: 1 }, coresNeeded: 7, ratePerSecond: null, perAddedCore: null, cpuMicros: about(980), rssBytes: about(720 * MEBIBYTE) },
      ],
    },
    changes: {
      rows: [
        { topology: 'monolith', module: 'notifications', buildMs: about(410), testMs: about(8_200), restartMs: about(640), processes: ['monolith'], shippedBytes: 842_000 },
        { topology: 'microservices', module: 'notifications', buildMs: about(230), testMs: about(8_100), restartMs: about(560), processes: ['notifications'], shippedBytes: 420_000 },
      ],
      failures: [],
    },
    isolation: {
      rows: [
        { ...BUSY, topology: 'monolith', p99Ms: { alone: about(2.1), beside: about(19) }, ratio: ratio(9, 0.2) },
        { ...BUSY, topology: 'microservices', p99Ms: { alone: about(3.8), beside: about(9.5) }, ratio: ratio(2.5, 0.2) },
      ],
    },
  };
}
