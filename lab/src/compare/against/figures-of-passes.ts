import { METRICS, PATH_TITLES, type Metric } from '../metrics.ts';
import type { ComparisonReport, TopologyReport, Unit } from '../report-schema.ts';
import { figureOf } from '../statistics.ts';
import { keptUp } from '../verdict.ts';
import type { ComparedFigure } from './compared-figure.ts';

const UNITS: Readonly<Record<Exclude<Metric['group'], 'price' | 'capacity'>, Unit>> = { cpu: 'µs', latency: 'ms', bytes: 'bytes', memory: 'bytes', 'start-up': 'ms' };

/** What passes and starts gave of each brew, and what it weighs. Not its price: that follows from the others, and a price table which may be another one. */
export function figuresOfPasses({ topologies }: Pick<ComparisonReport, 'topologies'>): ComparedFigure[] {
  return topologies.flatMap((topology) => [...METRICS.flatMap((metric) => measured(metric, topology)), ...startsOf(topology), ...weightsOf(topology)]);
}

function measured({ group, title: metric, of, stepOf, needsRateOf }: Metric, topology: TopologyReport): ComparedFigure[] {
  const figure = of(topology);
  if (group === 'price' || group === 'capacity' || figure === null || figure.n === 0) return [];
  const overloaded = needsRateOf !== undefined && !keptUp(topology, needsRateOf);
  return [{
    section: 'comparison',
    ...{ topology: topology.name, metric, unit: UNITS[group], figure },
    tolerance: (stepOf?.(topology) ?? 0) / Math.max(1, figure.median),
    ...(overloaded && { unfit: `it did not keep up with the rate of ${PATH_TITLES[needsRateOf]}, and latency there is that of a queue` }),
  }];
}

/** Of each process, where there are several: that of the last to be ready is told already. */
function startsOf({ name: topology, processes }: TopologyReport): ComparedFigure[] {
  if (processes.length === 1) return [];
  return processes.map(({ name, startupMs: figure }) => ({ section: 'comparison', topology, metric: `time to start ${name}`, unit: 'ms', figure, from: ['start', 'starts'] }));
}

function weightsOf({ name: topology, processes, codeBytes, imageBytes, perOrder: { spans, logLines } }: TopologyReport): ComparedFigure[] {
  const exact = { section: 'comparison', topology, exact: true } as const;
  const ofProcess = (what: string, name: string, bytes: number | undefined): ComparedFigure[] => (bytes === undefined || processes.length === 1 ? [] : [{ ...exact, metric: `${what} of ${name}`, unit: 'bytes', figure: figureOf([bytes]) }]);
  const ofAll = (metric: string, bytes: number | undefined): ComparedFigure[] => (bytes === undefined ? [] : [{ ...exact, metric, unit: 'bytes', figure: figureOf([bytes]) }]);
  return [
    { ...exact, metric: 'spans of an order', unit: 'count', figure: spans },
    { ...exact, metric: 'log lines of an order', unit: 'count', figure: logLines },
    ...ofAll('code that a start reads', codeBytes?.start),
    ...ofAll('all code', codeBytes?.total),
    ...processes.flatMap((process) => ofProcess('code', process.name, process.codeBytes?.total)),
    ...ofAll('images', imageBytes),
    ...processes.flatMap((process) => ofProcess('image', process.name, process.imageBytes)),
  ];
}
