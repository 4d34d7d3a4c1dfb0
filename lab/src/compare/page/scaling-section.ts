import { html } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import type { ComparisonReport } from '../report-schema.ts';
import { rateText } from '../scaling/rate-text.ts';
import { formatMebibytes, formatMicros, formatRate, spreadWithN } from '../units.ts';
import { commandOf, figureCell, figuresBehind, type FigureRow, type Section } from './section.ts';
import { titleOfPath } from './title-of-path.ts';

/** What more of the process that is busiest gives. */
export function scalingSection(report: ComparisonReport): Section | undefined {
  const rows = (report.scaling?.rows ?? []).map((row) => ({ ...row, replicas: Object.entries(row.replicas).map(([name, count]) => `${count} × ${name}`).join(', ') }));
  if (rows.length === 0) return undefined;
  return {
    id: 'scaling',
    title: 'More of a process',
    body: html`<p>${report.scaling?.concurrency ?? 0} requests at work at once, with one and with more of the process that holds orders, behind a link of the lab that spreads connections over them. A rate is told only where the machine has a core for every process at work, for the load generator, for the link and for the database; this one has ${report.environment.cores}. CPU time and memory hold with fewer. For each core added: by how many requests a second the rate rises for each core that the processes use more than with one of each, pass by pass.</p>
${renderTable({
      label: 'More of a process',
      columns: [{ title: 'brew' }, { title: 'replicas' }, { title: 'path' }, ...['cores needed', 'bears', 'for each core added', 'CPU for each', 'memory'].map((title) => ({ title, number: true }))],
      rows: rows.map(({ topology, replicas, path, coresNeeded, ratePerSecond, perAddedCore, cpuMicros, rssBytes }) => [
        topology, replicas, titleOfPath(path), String(coresNeeded), rateText({ ratePerSecond, coresNeeded }, report.environment.cores),
        perAddedCore === null ? '–' : spreadWithN(perAddedCore, formatRate), figureCell(cpuMicros, formatMicros), figureCell(rssBytes, formatMebibytes),
      ]),
    })}
${figuresBehind('More of a process', rows.flatMap(({ topology: brew, replicas, ratePerSecond, perAddedCore, cpuMicros, rssBytes }): FigureRow[] => [
  ...(ratePerSecond === null ? [] : [{ what: `requests a second, ${replicas}`, brew, figure: ratePerSecond, format: formatRate }]),
  ...(perAddedCore === null ? [] : [{ what: `for each core added, ${replicas}`, brew, figure: perAddedCore, format: formatRate }]),
  { what: `CPU for each, ${replicas}`, brew, figure: cpuMicros, format: formatMicros },
  { what: `memory, ${replicas}`, brew, figure: rssBytes, format: formatMebibytes },
]), commandOf(report, 'scaling'))}`,
  };
}
