import { renderDocument } from '../page/document.ts';
import { html, type Html } from '../page/html.ts';
import { JOURNEY_MEANINGS, JOURNEYS } from '../journeys/journey.ts';
import type { FaultResult } from './run-faults.ts';
import type { JourneyEffect } from '../journeys/timeline.ts';
import { wordsOfEffect, wordsOfLedger, wordsOfRecovery } from './words.ts';
import type { FaultsReport } from './write-faults-report.ts';

const STYLE = `
ul.faults { color: var(--bad); }
`;

/** The matrix of faults and journeys as one HTML page that needs nothing else. */
export function renderFaultsPage(report: FaultsReport & { writtenAt: string; versions: Readonly<Record<string, string>>; command: string }): string {
  const { results, backends, seeds, rate, full, writtenAt, versions, command } = report;
  const failed = results.filter(({ passed }) => !passed).length;
  const brews = [...Map.groupBy(results, ({ topology }) => topology)];
  return renderDocument({ title: 'Doubleshot: what still works when a part is broken', style: STYLE, body: html`<h1>What still works when a part is broken</h1>
<p>${failed === 0 ? html`<strong>All ${results.length} trials passed</strong>: no order lost, done twice, unexpected, stuck or oversold.` : html`<strong>${failed} of ${results.length} trials did not pass.</strong>`}</p>
<p class="note">Run ${writtenAt} at ${rate} orders per second, seeds ${seeds.join(', ')}, backends ${backends}, faults ${full ? 'as long as the matrix says' : 'of a few seconds'}. Run again: <code>${command}</code></p>
${brews.map(([topology, rows]) => brewSection(topology, rows))}
<section><h2>How to read it</h2><ul>${JOURNEYS.map((journey) => html`<li><strong>${journey}</strong>: ${JOURNEY_MEANINGS[journey]}</li>`)}
<li><strong>works</strong>: every answer right, p99 at most twice what it was or 250 ms more; <strong>fails</strong>: nine of ten wrong; <strong>degrades</strong>: between. The share is that of wrong answers.</li>
<li><strong>recovers</strong>: from the moment the part was mended to the last wrong answer.</li>
<li><strong>ledger</strong>: what each client was told, against every order, notification, e-mail, stream event and the stock.</li></ul>
<p class="note">${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(' · ')} · every figure: <a href="faults.json">faults.json</a></p></section>` });
}

function brewSection(topology: string, rows: readonly FaultResult[]): Html {
  return html`<section><h2>${topology}</h2><div class="scroll"><table><tr><th>fault</th>${JOURNEYS.map((journey) => html`<th>${journey}</th>`)}<th>recovers</th><th>ledger</th></tr>
${rows.map(resultRow)}</table></div></section>`;
}

function resultRow(result: FaultResult): Html {
  const title = html`<th scope="row">${result.fault} ${result.name}</th>`;
  if ('error' in result) return html`<tr>${title}<td colspan="${JOURNEYS.length + 2}" class="fails">could not be run: ${result.error}</td></tr>`;
  const { journeys, clean, faults } = result;
  const complaints = faults.length === 0 ? html`` : html`<tr><td colspan="${JOURNEYS.length + 3}"><ul class="faults">${faults.map((fault) => html`<li>${fault}</li>`)}</ul></td></tr>`;
  return html`<tr>${title}${JOURNEYS.map((journey) => effectCell(journeys[journey]))}<td>${wordsOfRecovery(result)}</td>
<td class="${clean ? 'works' : 'fails'}">${wordsOfLedger(result)}</td></tr>${complaints}`;
}

function effectCell(effect: JourneyEffect): Html {
  const { p99Ms } = effect;
  return html`<td class="${effect.effect}">${wordsOfEffect(effect)}<br><small>p99 ${Math.round(p99Ms.before)} → ${Math.round(p99Ms.during)} ms</small></td>`;
}
