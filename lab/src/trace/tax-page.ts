import { html, type Html } from '../page/html.ts';
import { renderTable } from '../page/table.ts';
import { billOrder, type Bill } from './network-tax.ts';
import { PARTS, TAX } from './path-parts.ts';
import { ms, NO_WAY, share, shownParts, WAYS } from './tax-text.ts';
import type { BrewTrace } from './waterfall-text.ts';

/** The network tax of the order in each brew, with how each part was found. */
export function renderTaxTables(traces: readonly BrewTrace[]): Html {
  const bills = traces.map(({ spans }) => billOrder(spans));
  return html`<p class="note">The critical path is what had to happen one after another: within a span the child that ended last, between a span and what it caused the wait. Each instant of it belongs to one span, the deepest, and to one part, so that the parts add up to the whole. The tax is what calls and messages between processes cost, and within one process next to nothing: ${TAX.join(', ')}. The wait in the outbox is none of it: it makes a 201 durable in either brew.</p>
${WAYS.map(({ way, title }) => table(title, traces, bills.map((bill) => bill[way])))}
<p class="note">All clocks are taken as one. A span that begins before its cause is cut there: ${clamped(bills.flatMap(({ answer, email }) => [answer, email]))}. One order is one sample: a busy machine shows as compute and as waits.</p>`;
}

function table(title: string, traces: readonly BrewTrace[], bills: readonly (Bill | undefined)[]): Html {
  const cells = (valueOf: (bill: Bill) => number): string[] => bills.map((bill) => (bill === undefined ? '' : `${ms(valueOf(bill))} (${share(valueOf(bill), bill).trim()})`));
  if (bills.every((bill) => bill === undefined)) return html`<h3>${title}</h3><p>${NO_WAY}</p>`;
  return html`<h3>${title}</h3>${renderTable({
    label: title,
    columns: [{ title: 'part' }, ...traces.map((trace) => ({ title: trace.title, number: true })), { title: 'how it is found' }],
    rows: [
      ...shownParts(bills).map((part) => [part, ...cells((bill) => bill.parts[part]), PARTS[part]]),
      ['total', ...cells((bill) => bill.totalMs), 'the sum of the parts'],
      ['network tax', ...cells((bill) => bill.taxMs), TAX.join(' + ')],
    ],
  })}`;
}

function clamped(bills: readonly (Bill | undefined)[]): string {
  const most = Math.max(0, ...bills.map((bill) => bill?.path.clampedMs ?? 0));
  return most === 0 ? 'none does here' : `at most ${ms(most)} here`;
}
