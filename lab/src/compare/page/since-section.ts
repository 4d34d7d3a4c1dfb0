import { html, NOTHING, type Html } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import type { ComparisonReport } from '../report-schema.ts';
import { formatTime } from '../units.ts';
import { times } from '../verdict.ts';
import { behind, commandOf, type Section } from './section.ts';

type Since = NonNullable<ComparisonReport['since']>;

/** What is different from an earlier report, beyond the noise of both. */
export function sinceSection(report: ComparisonReport): Section | undefined {
  const { since } = report;
  if (since === undefined) return undefined;
  const changed = since.changes.filter(({ changed: isChanged }) => isChanged);
  return {
    id: 'since',
    title: 'Since the earlier report',
    body: html`<p>Against the report of ${formatTime(since.measuredAt)}: ${changed.length} of ${since.changes.length} figures changed beyond the noise of both.</p>
${changed.length === 0 ? NOTHING : html`<ul>${changed.map(({ sentence }) => html`<li>${sentence}</li>`)}</ul>`}
${behind('Every figure of both reports', changeTable(since.changes), commandOf(report, 'comparison'))}`,
  };
}

function changeTable(changes: Since['changes']): Html {
  return renderTable({
    label: 'Since the earlier report',
    columns: [{ title: 'figure' }, { title: 'brew' }, ...['now, as a multiple of before', '95 % interval', 'n before', 'n now'].map((title) => ({ title, number: true })), { title: 'changed' }],
    rows: changes.map(({ metric, topology, ratio, before, after, changed }) => [metric, topology, times(ratio.estimate), `${times(ratio.low)} to ${times(ratio.high)}`, before.n, after.n, changed ? 'yes' : 'no']),
  });
}
