import { cpus } from 'node:os';
import { LIMITS } from './comparison-settings.ts';
import { voidReason } from './method/measure-window.ts';
import { PATH_TITLES } from './metrics.ts';
import type { ComparisonReport, RoundReport, TopologyReport } from './report-schema.ts';
import type { Saturation } from './saturation-schema.ts';
import { keptUp } from './verdict.ts';

const FEW_CORES = 4;
const REQUESTED = ['read', 'databaseRead', 'order', 'login'] as const;

/** What a reader must know before believing the figures. */
export function warningsOf({ topologies, rounds, saturation, changes }: Pick<ComparisonReport, 'topologies' | 'rounds' | 'saturation' | 'changes'>): string[] {
  const cores = cpus().length;
  return [
    ...topologies.flatMap(slowPathsOf),
    ...REQUESTED.flatMap((path) => pathWithoutWindows(path, rounds)),
    ...voidsOf(rounds),
    ...disturbancesOf(rounds),
    ...saturation.flatMap(unfinishedSearchOf),
    ...(changes?.failures.map((failure) => `a change in one module: ${failure}`) ?? []),
    ...(cores < FEW_CORES ? [`${cores} cores for the shop, what it stands on, the load generator and the receivers together: latencies and highest rates hold less well than CPU time`] : []),
  ];
}

/** Of a knee that is known from below at most. */
function unfinishedSearchOf({ topology, path, knee: { found, ratePerSecond } }: Saturation): string[] {
  const known = ratePerSecond === null ? 'no rate was found that it bears' : 'it bears at least the rate that is told';
  if (found === 'generator') return [`the load generator came to its limit before ${topology} did on ${PATH_TITLES[path]}: ${known}`];
  return found === 'disturbed' ? [`the search for the highest rate of ${topology} on ${PATH_TITLES[path]} ended at a rate of which no window counts: ${known}`] : [];
}

function slowPathsOf(topology: TopologyReport): string[] {
  const { name, paths } = topology;
  return REQUESTED.filter((path) => paths[path].requests > 0 && !keptUp(topology, path)).map((path) => {
    const { throughput, ratePerSecond, errors } = paths[path];
    return `${name} did not keep up on ${PATH_TITLES[path]}: ${throughput.median.toFixed(0)} of ${ratePerSecond} each second, ${errors} errors; its latency there is that of a queue`;
  });
}

/** In passes: windows of a search are told by its knee. */
function pathWithoutWindows(path: (typeof REQUESTED)[number], rounds: readonly RoundReport[]): string[] {
  const inPasses = rounds.filter((round) => round.path === path && round.pass > 0);
  const reason = inPasses.findLast((round) => round.void !== null)?.void;
  return reason === undefined || reason === null || inPasses.some((round) => round.void === null) ? [] : [`no window on ${PATH_TITLES[path]} counts: ${reason}`];
}

function voidsOf(rounds: readonly RoundReport[]): string[] {
  const voids = rounds.filter((round) => round.void !== null);
  return voids.length === 0 ? [] : [`${voids.length} of ${rounds.length} windows were void; why is told with each in compare.json`];
}

/** Where the limits are wider than usual, or none: in the demo, by `--noise`, and of replicas, whose CPU time holds when the generator is at its limit. */
function disturbancesOf(rounds: readonly RoundReport[]): string[] {
  const disturbed = rounds.filter((round) => round.void === null && voidReason(LIMITS, round.generatorCores, round) !== null);
  const [worst] = disturbed.toSorted((a, b) => (b.strangerCores ?? 0) - (a.strangerCores ?? 0));
  return worst === undefined ? [] : [`${disturbed.length} of ${rounds.length} windows were disturbed and count all the same: ${voidReason(LIMITS, worst.generatorCores, worst) ?? ''}`];
}
