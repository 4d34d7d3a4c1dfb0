import { html, type Html } from '../page/html.ts';
import { billOrder, type Bill } from './network-tax.ts';
import { PARTS, TAX } from './path-parts.ts';
import { ms, NO_WAY, share, shownParts, WAYS } from './tax-text.ts';
import type { BrewTrace } from './waterfall-text.ts';

/** The network tax of the order in each brew, with how each part was found. */
export function renderTaxSection(traces: readonly BrewTrace[]): Html {
  const bills = traces.map(({ spans }) => billOrder(spans));
  return html`<section><h2>Network tax</h2>
<p class="note">The critical path is what had to happen one after another: within a span the child that ended last, between a span and what it caused the wait. Each instant of it belongs to one span, the deepest, and to one part, so that the parts add up to the whole. The tax is what calls and messages between processes cost, and within one process next to nothing: ${TAX.join(', ')}. The wait in the outbox is none of it: it makes a 201 durable in either brew.</p>
${WAYS.map(({ way, title }) => table(title, traces, bills.map((bill) => bill[way])))}
<p class="note">All clocks are taken as one. A span that begins before its cause is cut there: ${clamped(bills.flatMap(({ answer, email }) => [answer, email]))}. One order is one sample: a busy machine shows as compute and as waits.</p></section>`;
}

function table(title: string, traces: readonly BrewTrace[], bills: readonly (Bill | undefined)[]): Html {
  const cells = (valueOf: (bill: Bill) => number): Html[] => bills.map((bill) => html`<td>${bill === undefined ? '' : `${ms(valueOf(bill))} (${share(valueOf(bill), bill).trim()})`}</td>`);
  if (bills.every((bill) => bill === undefined)) return html`<h3>${title}</h3><p>${NO_WAY}</p>`;
  return html`<h3>${title}</h3><div class="scroll"><table><thead><tr><th>part</th>${traces.map((trace) => html`<th>${trace.title}</th>`)}<th>how it is found</th></tr></thead><tbody>
${shownParts(bills).map((part) => html`<tr><th>${part}</th>${cells((bill) => bill.parts[part])}<td>${PARTS[part]}</td></tr>
`)}<tr><th>total</th>${cells((bill) => bill.totalMs)}<td>the sum of the parts</td></tr>
<tr><th>network tax</th>${cells((bill) => bill.taxMs)}<td>${TAX.join(' + ')}</td></tr></tbody></table></div>`;
}

function clamped(bills: readonly (Bill | undefined)[]): string {
  const most = Math.max(0, ...bills.map((bill) => bill?.path.clampedMs ?? 0));
  return most === 0 ? 'none does here' : `at most ${ms(most)} here`;
}
