import { MESSAGING_TITLES } from '../messaging-titles.ts';
import { titleOfPath } from '../page/title-of-path.ts';
import type { ComparisonReport, SectionName } from '../report-schema.ts';
import type { BlastRadius, Changes, Dial, Isolation, OrderCost, Price, Scaling, Taxes } from '../section-schemas.ts';
import { figureOf } from '../statistics.ts';
import type { ComparedFigure } from './compared-figure.ts';

/** What the sections beside the comparison and the highest rates gave, as far as they were measured. */
export function figuresOfSections({ taxes, dial, scaling, changes, isolation, blastRadius }: Pick<ComparisonReport, 'taxes' | 'dial' | 'scaling' | 'changes' | 'isolation' | 'blastRadius'>): ComparedFigure[] {
  return [
    ...(taxes === undefined ? [] : ofTaxes(taxes)),
    ...(dial === undefined ? [] : ofDial(dial, taxes?.cells.map(({ topology }) => topology) ?? [])),
    ...(scaling?.rows ?? []).flatMap(ofScaling),
    ...(changes === undefined ? [] : ofChanges(changes)),
    ...(isolation?.rows ?? []).flatMap(ofIsolation),
    ...(blastRadius?.rows ?? []).flatMap(ofRecovery),
  ];
}

const ONE_TRY = ['try', 'tries'] as const;

function ofTaxes({ cells, brokers, insteadOfPostgres = [], splitting }: Taxes): ComparedFigure[] {
  return [
    ...cells.flatMap(({ topology, messaging, order }) => (order === null ? [] : costsOf('taxes', `${topology} with ${MESSAGING_TITLES[messaging]}`, order))),
    ...pricesOf('taxes', 'messages that leave the process', brokers),
    ...pricesOf('taxes', 'Kafka and RabbitMQ instead of PostgreSQL', insteadOfPostgres),
    ...pricesOf('taxes', 'four processes instead of one', splitting),
  ];
}

/** The brews at its two ends are cells of the taxes as well, and the same figures. */
function ofDial({ steps, cuts }: Dial, told: readonly string[]): ComparedFigure[] {
  return [
    ...steps.flatMap(({ topology, order }) => (told.includes(topology) ? [] : costsOf('dial', topology, order))),
    ...cuts.flatMap(({ from, to, prices }) => pricesOf('dial', `${from} → ${to}`, prices)),
  ];
}

function costsOf(section: SectionName, topology: string, order: OrderCost): ComparedFigure[] {
  const { cpuMicros, cpuMicrosWithBackends, p50Ms, notifiedP50Ms, loadRssBytes } = order;
  return [
    { section, topology, metric: 'CPU time of the apps for each order', unit: 'µs', figure: cpuMicros },
    { section, topology, metric: 'CPU time of apps and backends for each order', unit: 'µs', figure: cpuMicrosWithBackends },
    { section, topology, metric: 'median time to place an order', unit: 'ms', figure: p50Ms },
    { section, topology, metric: 'median time from POST to notification', unit: 'ms', figure: notifiedP50Ms },
    { section, topology, metric: 'memory under load', unit: 'bytes', figure: loadRssBytes },
  ];
}

/** Of windows side by side: what drifts from one run to the next is not in them. */
function pricesOf(section: SectionName, topology: string, prices: readonly Price[]): ComparedFigure[] {
  return prices.map(({ metric, ratio }) => ({ section, topology, metric: `price in ${metric}`, unit: 'times', figure: figureOf(ratio.pairs) }));
}

function ofScaling({ topology: brew, replicas, path, ratePerSecond, perAddedCore, cpuMicros, rssBytes }: Scaling['rows'][number]): ComparedFigure[] {
  const topology = `${brew} with ${Object.entries(replicas).map(([name, count]) => `${count} × ${name}`).join(', ')}`;
  const section = 'scaling';
  return [
    ...(ratePerSecond === null ? [] : [{ section, topology, metric: `rate of ${titleOfPath(path)}`, unit: 'a second', figure: ratePerSecond } as const]),
    ...(perAddedCore === null ? [] : [{ section, topology, metric: `rate of ${titleOfPath(path)} for each core added`, unit: 'a second', figure: perAddedCore } as const]),
    { section, topology, metric: `CPU of ${titleOfPath(path)}`, unit: 'µs', figure: cpuMicros },
    { section, topology, metric: 'memory', unit: 'bytes', figure: rssBytes },
  ];
}

/** Modules of one process share its build and its restart, and all brews the tests of a module: each is told once. */
function ofChanges({ rows }: Changes): ComparedFigure[] {
  const section = 'changes';
  const figures = rows.flatMap(({ topology, module, processes, buildMs, restartMs, testMs }): ComparedFigure[] => [
    { section, topology, metric: `time to build ${processes.join(', ')}`, unit: 'ms', figure: buildMs, from: ['build', 'builds'] },
    { section, topology, metric: `time to restart ${processes.join(', ')}`, unit: 'ms', figure: restartMs, from: ['restart', 'restarts'] },
    { section, topology: 'every brew', metric: `time for the unit tests of ${module}`, unit: 'ms', figure: testMs, from: ['run', 'runs'] },
  ]);
  return [...Map.groupBy(figures, ({ topology, metric }) => `${topology}\n${metric}`).values()].flatMap(([first]) => first ?? []);
}

function ofIsolation({ topology, module, observedPath, p99Ms, ratio }: Isolation['rows'][number]): ComparedFigure[] {
  const section = 'isolation';
  const metric = `p99 of ${titleOfPath(observedPath)} beside busy ${module}`;
  return [
    { section, topology, metric, unit: 'ms', figure: p99Ms.beside },
    { section, topology, metric: `${metric}, as a multiple of alone`, unit: 'times', figure: figureOf(ratio.pairs) },
  ];
}

function ofRecovery({ topology, part, fault, recoveryMs }: BlastRadius['rows'][number]): ComparedFigure[] {
  // At once is no time to divide by.
  return recoveryMs === null || recoveryMs === 0 ? [] : [{ section: 'blastRadius', topology, metric: `recovery from ${part} ${fault}`, unit: 'ms', figure: figureOf([recoveryMs]), from: ONE_TRY }];
}
