import { html, NOTHING, type Html, type Part } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import { formatIn } from '../against/compared-figure.ts';
import { sinceText } from '../against/since-sentences.ts';
import { SECTIONS, type Change, type ComparisonReport, type SectionName, type Turn } from '../report-schema.ts';
import { SECTION_TITLES } from '../section-titles.ts';
import { formatTime } from '../units.ts';
import { capitalized, times } from '../verdict.ts';
import { behind, commandOf, type Section } from './section.ts';

/** What is different from an earlier report, beyond the noise of both. */
export function sinceSection(report: ComparisonReport): Section | undefined {
  const { since } = report;
  if (since === undefined) return undefined;
  const { differences, summary, changed, untoldRates } = sinceText(since);
  return {
    id: 'since',
    title: 'Since the earlier report',
    body: html`<p>Against the report of ${formatTime(since.measuredAt)}. ${summary} Each is judged alone: of so many, some change by chance, and more when the machine is faster or slower than it was.</p>
${listOf(changed)}
${untoldRates.length === 0 ? NOTHING : html`<h3>Highest rates that too few searches were made for</h3>${listOf(untoldRates)}`}
${differences.length === 0 ? NOTHING : html`<h3>What was not the same</h3>${listOf(differences)}`}
${SECTIONS.map((section) => tableOf(report, section))}`,
  };
}

function listOf(sentences: readonly string[]): Html {
  return sentences.length === 0 ? NOTHING : html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

function tableOf(report: ComparisonReport, section: SectionName): Html {
  const { changes = [], turns = [] } = report.since ?? {};
  // Older reports tell of the passes alone.
  const rows = [...changes.filter((change) => (change.section ?? 'comparison') === section).map(rowOf), ...turns.filter((turn) => turn.section === section).map(rowOfTurn)];
  if (rows.length === 0) return NOTHING;
  const label = `${capitalized(SECTION_TITLES[section])}, then and now`;
  return behind(label, renderTable({
    label,
    columns: [{ title: 'figure' }, { title: 'brew' }, ...['then', 'now', 'now, as a multiple of then', '95 % interval', 'n then', 'n now'].map((title) => ({ title, number: true })), { title: 'changed' }],
    rows,
  }), commandOf(report, section));
}

function rowOf({ metric, topology, unit, before, after, ratio, changed }: Change): Part[] {
  const median = ({ n, median: value }: Change['before']): string => (n === 0 || unit === undefined ? '–' : formatIn(unit, value));
  const known = ratio.estimate > 0;
  return [metric, topology, median(before), median(after), known ? times(ratio.estimate) : '–', ratio.low < ratio.high && changed !== null ? `${times(ratio.low)} to ${times(ratio.high)}` : '–', before.n, after.n, changed === null ? 'too few to tell' : changed ? 'yes' : 'no'];
}

function rowOfTurn({ what, topology, before, after }: Turn): Part[] {
  return [what, topology, before, after, '–', '–', '', '', before === after ? 'no' : 'yes'];
}
