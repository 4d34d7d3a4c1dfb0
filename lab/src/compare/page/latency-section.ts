import { html, NOTHING, type Html } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import { PATH_TITLES } from '../metrics.ts';
import { PATHS, type ComparisonReport, type PathName, type PathReport } from '../report-schema.ts';
import { FEWEST_FOR_P99 } from '../statistics.ts';
import { formatMs, formatRate } from '../units.ts';
import { brewsOf, type Brew } from './brews.ts';
import { logAxis, percentAxis } from './charts/axis.ts';
import { renderLineChart, type Line, type LineLabel, type Point } from './charts/line-chart.ts';
import { commandOf, figureCell, figuresBehind, type FigureRow, type Section } from './section.ts';

interface Measured {
  brew: Brew;
  path: PathName;
  report: PathReport;
}

export function latencySection(report: ComparisonReport): Section | undefined {
  const paths = PATHS.map((path) => ({ path, measured: measuredOn(report, path) })).filter(({ measured }) => measured.length > 0);
  if (paths.length === 0) return undefined;
  const all = paths.flatMap(({ measured }) => measured);
  return {
    id: 'latency',
    title: 'Latency at the same rate',
    body: html`<p>From the moment a request was due to its answer; for notifications, to their arrival on the stream. The curves hold all answers of all passes; in the table, the median of the passes and their spread. There is no p99 of fewer than ${FEWEST_FOR_P99} answers in a window.</p>
<div class="charts">${paths.map(({ path, measured }) => distributionChart(path, measured))}</div>
${latencyTable(all)}
${figuresBehind('Latency at the same rate', all.flatMap(rowsOf), commandOf(report, 'comparison'))}`,
  };
}

function measuredOn(report: ComparisonReport, path: PathName): Measured[] {
  return brewsOf(report).flatMap((brew, index) => {
    const measured = report.topologies[index]?.paths[path];
    return measured === undefined || measured.requests === 0 ? [] : [{ brew, path, report: measured }];
  });
}

function distributionChart(path: PathName, measured: readonly Measured[]): Html {
  const fastestFirst = [...measured].sort((a, b) => a.report.p50Ms.median - b.report.p50Ms.median);
  const lines = fastestFirst.flatMap(({ brew, report: { latency } }, index): Line[] => {
    const points = latency.quantiles.flatMap(({ percent, value }): Point[] => (percent > LAST_PERCENT || value <= 0 ? [] : [[value, percent]]));
    return points.length === 0 ? [] : [{ brew, look: 'points', points, label: labelOf(brew, points, index === 0) }];
  });
  if (lines.length === 0) return NOTHING;
  return renderLineChart({
    title: `${PATH_TITLES[path]}, ${formatRate(measured[0]?.report.ratePerSecond ?? 0)}`,
    summary: measured.map(({ brew, report: { p50Ms, p99Ms } }) => `${brew.name} p50 ${formatMs(p50Ms.median)}${p99Ms === null ? '' : `, p99 ${formatMs(p99Ms.median)}`}`).join('; '),
    x: { axis: logAxis(lines.flatMap(({ points }) => points.map(([ms]) => ms))), title: 'milliseconds', format: String },
    y: { axis: percentAxis(), title: 'answered within', format: (percent) => `${percent} %` },
    lines,
  });
}

const LAST_PERCENT = 99.9;
/** Where a curve has room beside it: the fastest to its left, the others to their right. */
const LABEL_PERCENTS = { left: 99, right: 90 } as const;

function labelOf({ label: text }: Brew, points: readonly Point[], isFastest: boolean): LineLabel {
  const side = isFastest ? 'left' : 'right';
  return { text, side, at: points.findLast(([, percent]) => percent <= LABEL_PERCENTS[side]) ?? points[0] ?? [1, 0] };
}

function latencyTable(all: readonly Measured[]): Html {
  return renderTable({
    label: 'Latency at the same rate',
    columns: [{ title: 'path' }, { title: 'brew' }, ...['asked for', 'done', 'p50', 'p99', 'errors', 'of'].map((title) => ({ title, number: true }))],
    rows: all.map(({ brew, path, report: { ratePerSecond, throughput, p50Ms, p99Ms, errors, dropped, requests } }) => [
      PATH_TITLES[path], brew.name, formatRate(ratePerSecond), formatRate(throughput.median), figureCell(p50Ms, formatMs), figureCell(p99Ms, formatMs),
      dropped === 0 ? errors : `${errors} (${dropped} not sent)`, requests,
    ]),
  });
}

function rowsOf({ brew, path, report: { throughput, p50Ms, p99Ms } }: Measured): FigureRow[] {
  const row = (what: string, figure: FigureRow['figure'], format: FigureRow['format']): FigureRow => ({ what: `${PATH_TITLES[path]}: ${what}`, brew: brew.name, figure, format });
  return [row('done', throughput, formatRate), row('p50', p50Ms, formatMs), row('p99', p99Ms, formatMs)];
}
