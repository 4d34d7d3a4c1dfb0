import type { ProcessGroup } from '../../topology/parse-topology.ts';
import type { WindowMeasurement } from '../method/measure-window.ts';
import type { Scaling } from '../section-schemas.ts';
import { figureOf, median } from '../statistics.ts';
import { totalOf } from '../usage/shop-usage.ts';

type Window = Pick<WindowMeasurement, 'void' | 'cpuMs' | 'rssBytes' | 'generatorCores'> & { result: Pick<WindowMeasurement['result'], 'succeeded' | 'throughput'> };

/** The windows of a brew with so many replicas of one process. */
export interface ScaledWindows {
  topology: string;
  groups: readonly ProcessGroup[];
  /** The process there is more of, and how often it runs. */
  process: string;
  count: number;
  /** Of processes that run and have no part in it: replicas that get nothing to do. */
  idle: ReadonlySet<string>;
  windows: readonly Window[];
}

const MICROS_IN_MS = 1_000;
/** One for the load generator, one for the database. */
const CORES_BESIDE = 2;
const AT_WORK = ['gateway', 'orders'] as const;

/** What each number of replicas bears and costs. A rate is told only where every process at work had a core to itself, and the generator was not the limit. */
export function scalingOf(scaled: readonly ScaledWindows[], { cores, generatorLimit }: { cores: number; generatorLimit: number }): Scaling['rows'] {
  return scaled.flatMap(({ topology, groups, process, count, idle, windows }) => {
    const counted = windows.filter((window) => window.void === null);
    if (counted.length === 0) return [];
    const atWork = groups.filter(({ modules }) => AT_WORK.some((module) => modules.includes(module))).length + count - 1;
    const isTold = cores >= atWork + CORES_BESIDE && counted.every(({ generatorCores }) => generatorCores <= generatorLimit);
    const ofAll = (values: Readonly<Record<string, number>>): number => totalOf(Object.fromEntries(Object.entries(values).filter(([name]) => !idle.has(name))));
    return [{
      topology,
      replicas: Object.fromEntries(groups.map(({ name }) => [name, name === process ? count : 1])),
      path: 'databaseRead',
      coresNeeded: atWork + CORES_BESIDE,
      ratePerSecond: isTold ? median(counted.map(({ result }) => result.throughput)) : null,
      cpuMicros: figureOf(counted.map(({ cpuMs, result }) => (ofAll(cpuMs) * MICROS_IN_MS) / Math.max(1, result.succeeded))),
      rssBytes: figureOf(counted.map(({ rssBytes }) => ofAll(rssBytes))),
    }];
  });
}
