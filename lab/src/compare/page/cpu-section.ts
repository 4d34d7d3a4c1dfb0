import { html } from '../../page/html.ts';
import { PATH_TITLES } from '../metrics.ts';
import { PATHS, type ComparisonReport, type CpuReport, type PathName } from '../report-schema.ts';
import { formatMicros } from '../units.ts';
import { brewsOf, type Brew } from './brews.ts';
import { renderStackBars, type BarPart, type StackBar } from './charts/stack-bars.ts';
import { commandOf, figuresBehind, type FigureRow, type Section } from './section.ts';

interface Measured {
  brew: Brew;
  cpu: CpuReport;
}

export function cpuSection(report: ComparisonReport): Section | undefined {
  const paths = PATHS.map((path) => ({ path, measured: measuredOn(report, path) })).filter(({ measured }) => measured.length > 0);
  if (paths.length === 0) return undefined;
  return {
    id: 'cpu',
    title: 'CPU time for each request',
    body: html`<p>Of the shop's processes (in the colour of the brew) and of the backends (grey) together, for each request that succeeded. The line spans the passes; each path has a scale of its own.</p>
${paths.map(({ path, measured }) => html`<h3>${PATH_TITLES[path]}</h3>${renderStackBars(measured.map(barOf), formatMicros)}`)}
${figuresBehind('CPU time for each request', paths.flatMap(({ path, measured }) => measured.flatMap((one) => rowsOf(path, one))), commandOf(report, 'comparison'))}`,
  };
}

function measuredOn(report: ComparisonReport, path: PathName): Measured[] {
  return brewsOf(report).flatMap((brew, index) => {
    const cpu = report.topologies[index]?.paths[path].cpuMicros;
    return cpu === undefined || cpu.total.n === 0 ? [] : [{ brew, cpu }];
  });
}

function barOf({ brew, cpu: { byProcess, byBackend, withBackends, total } }: Measured): StackBar {
  const parts = (figures: CpuReport['byProcess'], kind: BarPart['kind']): BarPart[] => Object.entries(figures).map(([name, { median }]) => ({ name, value: median, kind }));
  return { label: brew.name, tone: brew.tone, total: withBackends.n > 0 ? withBackends : total, parts: [...parts(byProcess, 'process'), ...parts(byBackend, 'backend')] };
}

function rowsOf(path: PathName, { brew: { name: brew }, cpu }: Measured): FigureRow[] {
  const row = (what: string, figure: CpuReport['total']): FigureRow => ({ what: `${PATH_TITLES[path]}: ${what}`, brew, figure, format: formatMicros });
  return [
    row('apps and backends', cpu.withBackends),
    row(`apps alone (to ${formatMicros(cpu.step)})`, cpu.total),
    ...[...Object.entries(cpu.byProcess), ...Object.entries(cpu.byBackend)].map(([name, figure]) => row(name, figure)),
  ];
}
