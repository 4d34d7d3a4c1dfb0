import { html, NOTHING, type Html } from '../../page/html.ts';
import { renderTaxTables } from '../../trace/tax-page.ts';
import { renderWaterfalls } from '../../trace/waterfalls.ts';
import type { ComparisonReport } from '../report-schema.ts';
import type { Trace } from '../trace-schema.ts';
import { commandOf, type Section } from './section.ts';

/** Where the time of one order went in each brew, and what of it is network tax. */
export function traceSection(report: ComparisonReport): Section | undefined {
  const { trace } = report;
  if (trace === undefined) return undefined;
  return {
    id: 'trace',
    title: 'One order, traced in each brew, and its network tax',
    body: html`<p>Placed before the load, when each brew was warm, in one brew after another; brewing time × ${report.settings.brewTimeScale}. One order, n = 1: it shows where time goes, not how much an order takes.</p>
${trace.missing.map((reason) => html`<p>No trace of ${reason}.</p>`)}
${trace.orders.length === 0 ? NOTHING : drawn(trace)}
<p class="note">Measure again: <code>${commandOf(report, 'comparison')}</code></p>`,
  };
}

function drawn({ orders }: Trace): Html {
  const traces = orders.map(({ topology: title, spans }) => ({ title, spans }));
  return html`${renderTaxTables(traces)}
${renderWaterfalls(traces, orders.map(({ orderId }) => orderId))}`;
}
