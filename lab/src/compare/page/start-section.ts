import { html } from '../../page/html.ts';
import type { ComparisonReport } from '../report-schema.ts';
import { formatMs } from '../units.ts';
import { brewsOf } from './brews.ts';
import { renderStackBars, type StackBar } from './charts/stack-bars.ts';
import { commandOf, figuresBehind, type FigureRow, type Section } from './section.ts';

export function startSection(report: ComparisonReport): Section | undefined {
  const { topologies } = report;
  if (topologies.every(({ startupMs }) => startupMs.n === 0)) return undefined;
  const bars = brewsOf(report).flatMap(({ name, tone }, index): StackBar[] => {
    const total = topologies[index]?.startupMs;
    return total === undefined ? [] : [{ label: name, tone, total, parts: [{ name: '', value: total.median, kind: 'process' }] }];
  });
  const rows = topologies.flatMap(({ name: brew, startupMs, processes }): FigureRow[] => [
    { what: 'until the last process is ready', brew, figure: startupMs, format: formatMs },
    ...processes.map(({ name, startupMs: figure }) => ({ what: `until ${name} is ready`, brew, figure, format: formatMs })),
  ]);
  return {
    id: 'start-up',
    title: 'Time to start',
    body: html`<p>From a cold start on a database that is set up until the last process is ready; all of a brew start at once, the other brew rests.</p>
${renderStackBars(bars, formatMs)}
${figuresBehind('Time to start', rows, commandOf(report, 'comparison'))}`,
  };
}
