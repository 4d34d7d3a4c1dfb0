import { cpus, loadavg } from 'node:os';
import { PATH_TITLES } from './metrics.ts';
import type { PathName, TopologyReport } from './report-schema.ts';
import type { Figure } from './statistics.ts';
import { keptUp } from './verdict.ts';

const BUSY_GENERATOR_CORES = 0.8;
const FEW_CORES = 4;
const FULL_LOAD_PER_CORE = 3;
const REQUESTED = ['read', 'databaseRead', 'order'] as const;

/** What a reader must know before believing the figures. */
export function warningsOf(topologies: readonly TopologyReport[], generatorCores: Readonly<Record<PathName, Figure>>): string[] {
  const slow = topologies.flatMap((topology) => REQUESTED.filter((path) => !keptUp(topology, path)).map((path) => ({ topology, path })));
  const busy = REQUESTED.filter((path) => generatorCores[path].max > BUSY_GENERATOR_CORES);
  const [cores, [load = 0]] = [cpus().length, loadavg()];
  return [
    ...slow.map(({ topology: { name, paths }, path }) => {
      const { throughput, ratePerSecond, errors } = paths[path];
      return `${name} did not keep up on ${PATH_TITLES[path]}: ${throughput.median.toFixed(0)} of ${ratePerSecond} each second, ${errors} errors; its latency there is that of a queue`;
    }),
    ...busy.map((path) => `the load generator used ${generatorCores[path].max.toFixed(2)} of a core on ${PATH_TITLES[path]}: latencies there may be its own`),
    ...(load > cores * FULL_LOAD_PER_CORE ? [`the machine was busy with more than this (load average ${load.toFixed(1)} on ${cores} cores)`] : []),
    ...(cores < FEW_CORES ? [`${cores} cores for the shop, PostgreSQL, the load generator and the receivers together: latencies hold less well than CPU time`] : []),
  ];
}
