import type { ProcessGroup } from '../../topology/parse-topology.ts';
import type { WindowMeasurement } from '../method/measure-window.ts';
import type { Scaling } from '../section-schemas.ts';
import { figureOf, type Figure } from '../statistics.ts';
import { totalOf } from '../usage/shop-usage.ts';

type Window = Pick<WindowMeasurement, 'void' | 'cpuMs' | 'rssBytes' | 'generatorCores' | 'labCores'> & { result: Pick<WindowMeasurement['result'], 'succeeded' | 'throughput' | 'elapsedMs'> };

/** The windows of a brew with so many replicas of one process. */
export interface ScaledWindows {
  topology: string;
  groups: readonly ProcessGroup[];
  /** The process there is more of, and how often it runs. */
  process: string;
  count: number;
  /** Of processes that run and have no part in it: replicas that get nothing to do. */
  idle: ReadonlySet<string>;
  /** One of each pass. */
  windows: readonly Window[];
}

export interface Machine {
  cores: number;
  /** Share of its core above which the generator, or the lab with its link, would be what is measured. */
  limit: number;
}

const MICROS_IN_MS = 1_000;
/** One for the load generator, one for the link, one for the database. */
const CORES_BESIDE = 3;
const AT_WORK = ['gateway', 'orders'] as const;
/** Between less than that, a quotient tells of noise. */
const LEAST_ADDED_CORES = 0.05;

/**
 * What each number of replicas bears and costs, and what it bears more for each core that it uses more than one of each in the same pass.
 * A rate is told only where every process at work had a core to itself, and neither the generator nor the link was the limit.
 */
export function scalingOf(scaled: readonly ScaledWindows[], machine: Machine): Scaling['rows'] {
  return scaled.flatMap((situation) => {
    const { topology, groups, process, count } = situation;
    const counted = situation.windows.filter(isCounted);
    if (counted.length === 0) return [];
    const single = scaled.find((other) => other.topology === topology && other.count === 1);
    const isTold = isRateTold(situation, machine);
    return [{
      topology,
      replicas: Object.fromEntries(groups.map(({ name }) => [name, name === process ? count : 1])),
      path: 'databaseRead',
      coresNeeded: coresNeededBy(situation),
      ratePerSecond: isTold ? figureOf(counted.map(({ result }) => result.throughput)) : null,
      perAddedCore: isTold && single !== undefined && isRateTold(single, machine) ? perAddedCore(single, situation) : null,
      cpuMicros: figureOf(counted.map((window) => (usedMs(situation, window) * MICROS_IN_MS) / Math.max(1, window.result.succeeded))),
      rssBytes: figureOf(counted.map(({ rssBytes }) => ofThoseAtWork(situation, rssBytes))),
    }];
  });
}

function isCounted(window: Window): boolean {
  return window.void === null;
}

function coresNeededBy({ groups, count }: ScaledWindows): number {
  return groups.filter(({ modules }) => AT_WORK.some((module) => modules.includes(module))).length + count - 1 + CORES_BESIDE;
}

function isRateTold(situation: ScaledWindows, { cores, limit }: Machine): boolean {
  return cores >= coresNeededBy(situation) && situation.windows.filter(isCounted).every(({ generatorCores, labCores }) => generatorCores <= limit && labCores <= limit);
}

function ofThoseAtWork({ idle }: ScaledWindows, values: Readonly<Record<string, number>>): number {
  return totalOf(Object.fromEntries(Object.entries(values).filter(([name]) => !idle.has(name))));
}

function usedMs(situation: ScaledWindows, { cpuMs }: Window): number {
  return ofThoseAtWork(situation, cpuMs);
}

function perAddedCore(single: ScaledWindows, more: ScaledWindows): Figure | null {
  const values = more.windows.flatMap((window, pass) => {
    const before = single.windows[pass];
    if (before === undefined || !isCounted(before) || !isCounted(window)) return [];
    const added = coresUsed(more, window) - coresUsed(single, before);
    return added < LEAST_ADDED_CORES ? [] : [(window.result.throughput - before.result.throughput) / added];
  });
  return values.length === 0 ? null : figureOf(values);
}

function coresUsed(situation: ScaledWindows, window: Window): number {
  return usedMs(situation, window) / Math.max(1, window.result.elapsedMs);
}
