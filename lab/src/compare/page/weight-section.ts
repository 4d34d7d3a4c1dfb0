import { html, type Part } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import { PATH_TITLES } from '../metrics.ts';
import { PATHS, type ComparisonReport, type TopologyReport } from '../report-schema.ts';
import type { Figure } from '../statistics.ts';
import { formatBytes } from '../units.ts';
import { commandOf, figureCell, figuresBehind, type FigureRow, type Section } from './section.ts';

interface Weight {
  what: string;
  of: (topology: TopologyReport) => Figure | number | undefined;
  format: (value: number) => string;
}

const WEIGHTS: readonly Weight[] = [
  { what: 'spans of an order that is recorded', of: ({ perOrder }) => perOrder.spans, format: String },
  { what: 'log lines of an order', of: ({ perOrder }) => perOrder.logLines, format: String },
  ...PATHS.flatMap((path): Weight[] => [
    { what: `bytes sent, ${PATH_TITLES[path]}`, of: ({ paths }) => paths[path].bytes?.sent, format: formatBytes },
    { what: `bytes received, ${PATH_TITLES[path]}`, of: ({ paths }) => paths[path].bytes?.received, format: formatBytes },
  ]),
  { what: 'code that a start of all processes reads: main.js and its imports', of: ({ codeBytes }) => codeBytes?.start, format: formatBytes },
  { what: 'code of all processes, with parts that load when they are needed', of: ({ codeBytes }) => codeBytes?.total, format: formatBytes },
  { what: 'images of all processes', of: ({ imageBytes }) => imageBytes, format: formatBytes },
];

/** What lies about or goes over the wire besides the work itself. */
export function weightSection(report: ComparisonReport): Section | undefined {
  const shown = WEIGHTS.filter(({ of }) => report.topologies.some((topology) => isMeasured(of(topology))));
  if (shown.length === 0) return undefined;
  return {
    id: 'weight',
    title: 'Bytes, spans and log lines',
    body: html`${renderTable({
      label: 'Bytes, spans and log lines',
      columns: [{ title: 'median (least – most)' }, ...report.topologies.map(({ name }) => ({ title: name, number: true }))],
      rows: shown.map(({ what, of, format }) => [what, ...report.topologies.map((topology) => textOf(of(topology), format))]),
    })}
${figuresBehind('Bytes, spans and log lines', shown.flatMap((weight) => report.topologies.flatMap((topology) => rowOf(weight, topology))), commandOf(report, 'comparison'))}`,
  };
}

function isMeasured(value: Figure | number | undefined): boolean {
  return (typeof value === 'number' ? value : (value?.n ?? 0)) > 0;
}

function textOf(value: Figure | number | undefined, format: Weight['format']): Part {
  return typeof value === 'number' ? format(value) : value === undefined ? '–' : figureCell(value, format);
}

function rowOf({ what, of, format }: Weight, topology: TopologyReport): FigureRow[] {
  const figure = of(topology);
  return typeof figure === 'object' ? [{ what, brew: topology.name, figure, format }] : [];
}
