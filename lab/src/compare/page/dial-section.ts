import { html } from '../../page/html.ts';
import type { ComparisonReport } from '../report-schema.ts';
import { formatMicros } from '../units.ts';
import { toneOfName } from './brews.ts';
import { renderStackBars } from './charts/stack-bars.ts';
import { orderCostBar, orderCostRows } from './order-costs.ts';
import { renderPrices } from './prices.ts';
import { commandOf, figuresBehind, type Section } from './section.ts';

/** From one process to one for each module, cut by cut. */
export function dialSection(report: ComparisonReport): Section | undefined {
  const { dial } = report;
  if (dial === undefined) return undefined;
  const bars = dial.steps.map(({ topology, processes, order }) => orderCostBar({ label: `${topology} (${processes === 1 ? '1 process' : `${processes} processes`})`, tone: toneOfName(report, topology), order }));
  return {
    id: 'dial',
    title: 'The dial: cut by cut',
    body: html`<p>The same modules, grouped into more and more processes. CPU for each order, and all that follows it:</p>
${renderStackBars(bars, formatMicros)}
${dial.cuts.map(({ from, to, prices }) => html`<h3>${from} → ${to}</h3>${renderPrices(prices)}`)}
${figuresBehind('The dial', dial.steps.flatMap(({ topology, order }) => orderCostRows(topology, order)), commandOf(report, 'dial'))}`,
  };
}
