import { html } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import type { ComparisonReport } from '../report-schema.ts';
import { formatBytes, formatMs } from '../units.ts';
import { commandOf, figureCell, figuresBehind, type FigureRow, type Section } from './section.ts';

/** What a change in one module sets going. */
export function changesSection(report: ComparisonReport): Section | undefined {
  const rows = report.changes?.rows ?? [];
  if (rows.length === 0) return undefined;
  return {
    id: 'changes',
    title: 'A change in one module',
    body: html`<p>What follows a change in one module, each step by itself: the program that holds it is bundled anew; its unit tests are run, the same in every brew; the process that holds it is told to end and is ready again, the other brews at rest.</p>
${renderTable({
      label: 'A change in one module',
      columns: [{ title: 'changed' }, { title: 'brew' }, ...['build', 'tests', 'restart'].map((title) => ({ title, number: true })), { title: 'started again' }, { title: 'shipped', number: true }],
      rows: rows.map(({ topology, module, buildMs, testMs, restartMs, processes, shippedBytes }) => [
        module, topology, ...[buildMs, testMs, restartMs].map((figure) => figureCell(figure, formatMs)), processes.join(', '), shippedBytes === undefined ? '–' : formatBytes(shippedBytes),
      ]),
    })}
${figuresBehind('A change in one module', rows.flatMap(({ topology: brew, module, buildMs, testMs, restartMs }): FigureRow[] => [
  { what: `${module}: build`, brew, figure: buildMs, format: formatMs },
  { what: `${module}: tests`, brew, figure: testMs, format: formatMs },
  { what: `${module}: restart`, brew, figure: restartMs, format: formatMs },
]), commandOf(report, 'changes'))}`,
  };
}
