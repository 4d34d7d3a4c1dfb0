import { billOrder, type Bill, type OrderBill } from './network-tax.ts';
import { PARTS, type Part } from './path-parts.ts';
import type { BrewTrace } from './waterfall-text.ts';

/** The ways through an order's trace that are billed. */
export const WAYS: readonly { way: keyof OrderBill; title: string }[] = [
  { way: 'answer', title: 'from the request to its answer' },
  { way: 'email', title: 'from the request to the e-mail' },
];

/** Where an order has no such end: its e-mail was refused, or has not gone out yet. */
export const NO_WAY = 'no such thing happened to this order so far';

const LABEL = 34;
const CELL = 20;

/** Where the time of one order went in each brew, as two tables whose columns add up. */
export function renderTax(traces: readonly BrewTrace[]): string {
  const bills = traces.map(({ spans }) => billOrder(spans));
  const clampedMs = Math.max(0, ...bills.flatMap(({ answer, email }) => [answer, email]).map((bill) => bill?.path.clampedMs ?? 0));
  return [
    ...WAYS.flatMap(({ way, title }) => table(title, traces, bills.map((bill) => bill[way]))),
    `Parts of the critical path; the page says how each is found.${clampedMs > 0 ? ` Clocks disagree: ${ms(clampedMs)} were taken off spans that begin before their cause.` : ''}`,
  ].join('\n');
}

function table(title: string, traces: readonly BrewTrace[], bills: readonly (Bill | undefined)[]): string[] {
  const row = (label: string, cells: readonly string[]): string => `${label.padEnd(LABEL)}${cells.map((cell) => cell.padStart(CELL)).join('')}`.trimEnd();
  if (bills.every((bill) => bill === undefined)) return [`${title}: ${NO_WAY}`, ''];
  return [
    row(title, traces.map((trace) => trace.title)),
    ...shownParts(bills).map((part) => row(`  ${part}`, bills.map((bill) => (bill === undefined ? '' : `${ms(bill.parts[part])} ${share(bill.parts[part], bill)}`)))),
    row('  total', bills.map((bill) => (bill === undefined ? '' : `${ms(bill.totalMs)}  100 %`))),
    row('  network tax of it', bills.map((bill) => (bill === undefined ? '' : `${ms(bill.taxMs)} ${share(bill.taxMs, bill)}`))),
    '',
  ];
}

/** Parts that took time in one of the brews at least. */
export function shownParts(bills: readonly (Bill | undefined)[]): Part[] {
  return (Object.keys(PARTS) as Part[]).filter((part) => bills.some((bill) => (bill?.parts[part] ?? 0) > 0));
}

export function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

export function share(value: number, { totalMs }: Bill): string {
  return `${(totalMs === 0 ? 0 : (value / totalMs) * 100).toFixed(1).padStart(4)} %`;
}
