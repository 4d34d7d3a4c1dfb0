import { html, type Html } from '../../page/html.ts';
import type { ComparisonReport } from '../report-schema.ts';
import type { BlastRadius } from '../section-schemas.ts';
import { formatRecovery } from '../units.ts';
import { commandOf, type Section } from './section.ts';

type Row = BlastRadius['rows'][number];

/** What still works while something is broken, as a matrix in words, symbols and colours. */
export function blastRadiusSection(report: ComparisonReport): Section | undefined {
  const { rows = [], brokenSeconds = 0 } = report.blastRadius ?? {};
  if (rows.length === 0) return undefined;
  const journeys = [...new Set(rows.flatMap((row) => Object.keys(row.journeys)))];
  return {
    id: 'blast-radius',
    title: 'What still works when a part is broken',
    body: html`<p>Each part in turn is broken for ${brokenSeconds} s while customers order and look around. A journey works when its answers are right and about as fast as before, fails when nearly all are wrong, and degrades between. Recovery: from the beginning of the mending, a start included, to the last wrong answer. Modules of one process break together, in one trial. Each trial once, n = 1.</p>
<div class="scroll" tabindex="0" role="region" aria-label="What still works when a part is broken"><table class="matrix"><thead><tr><th scope="col">brew</th><th scope="col">broken</th>${journeys.map((journey) => html`<th scope="col">${journey}</th>`)}<th scope="col" class="number">recovers</th></tr></thead>
<tbody>${rows.map((row) => matrixRow(row, journeys))}</tbody></table></div>
<p class="note">Measure again: <code>${commandOf(report, 'blastRadius')}</code></p>`,
  };
}

function matrixRow({ topology, part, fault, journeys: effects, recoveryMs }: Row, journeys: readonly string[]): Html {
  return html`<tr><th scope="row">${topology}</th><th scope="row">${part} ${fault}</th>${journeys.map((journey) => {
    const effect = effects[journey];
    return effect === undefined ? html`<td>–</td>` : html`<td class="${effect}">${effect}</td>`;
  })}<td class="number">${formatRecovery(recoveryMs)}</td></tr>
`;
}
