import { html } from '../../page/html.ts';
import type { ComparisonReport, ProcessReport, TopologyReport } from '../report-schema.ts';
import type { Figure } from '../statistics.ts';
import { formatMebibytes } from '../units.ts';
import { brewsOf } from './brews.ts';
import { renderStackBars, type StackBar } from './charts/stack-bars.ts';
import { commandOf, figuresBehind, type FigureRow, type Section } from './section.ts';

/** When memory was looked at. */
const MOMENTS = [
  { title: 'Idle, right after the start', of: ({ idleRssBytes }) => idleRssBytes },
  { title: 'Under the load of the comparison', of: ({ loadRssBytes }) => loadRssBytes },
  { title: 'At the knee of the order path', of: ({ kneeRssBytes }) => kneeRssBytes },
] as const satisfies readonly { title: string; of: (holder: TopologyReport | ProcessReport) => Figure | undefined }[];

export function memorySection(report: ComparisonReport): Section | undefined {
  const moments = MOMENTS.filter(({ of }) => report.topologies.some((topology) => (of(topology)?.n ?? 0) > 0));
  if (moments.length === 0) return undefined;
  return {
    id: 'memory',
    title: 'Memory',
    body: html`<p>Resident memory of all processes of the shop, backends left out; memory that processes share is counted in each. All bars have one scale within their group.</p>
${moments.map(({ title, of }) => html`<h3>${title}</h3>${renderStackBars(barsOf(report, of), formatMebibytes)}`)}
${figuresBehind('Memory', moments.flatMap(({ title, of }) => report.topologies.flatMap((topology) => rowsOf(topology, title, of))), commandOf(report, 'comparison'))}`,
  };
}

type Of = (typeof MOMENTS)[number]['of'];

function barsOf(report: ComparisonReport, of: Of): StackBar[] {
  return brewsOf(report).flatMap(({ name, tone }, index) => {
    const topology = report.topologies[index];
    const total = topology === undefined ? undefined : of(topology);
    if (topology === undefined || total === undefined) return [];
    return [{ label: name, tone, total, parts: topology.processes.map((process) => ({ name: process.name, value: of(process)?.median ?? 0, kind: 'process' as const })) }];
  });
}

function rowsOf(topology: TopologyReport, title: string, of: Of): FigureRow[] {
  return [{ ...topology, name: 'all processes' }, ...topology.processes].flatMap((holder) => {
    const figure = of(holder);
    return figure === undefined ? [] : [{ what: `${title}: ${holder.name}`, brew: topology.name, figure, format: formatMebibytes }];
  });
}
