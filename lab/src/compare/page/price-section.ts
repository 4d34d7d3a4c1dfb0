import { html, type Html } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import type { ComparisonReport, PriceReport } from '../report-schema.ts';
import { formatPrice, formatRate } from '../units.ts';
import { commandOf, type Section } from './section.ts';

/** What a million orders cost, at the price table of the settings. */
export function priceSection(report: ComparisonReport): Section | undefined {
  const priced = report.topologies.flatMap(({ name, pricePerMillionOrders: price }) => (price === null ? [] : [{ name, price }]));
  if (priced.length === 0) return undefined;
  const { currency, vcpuHour, gibHour, source } = report.settings.prices;
  const of = (pick: (price: PriceReport) => number): string[] => priced.map(({ price }) => formatPrice(pick(price), currency));
  return {
    id: 'price',
    title: 'What a million orders cost',
    body: html`${renderTable({
      label: 'What a million orders cost',
      columns: [{ title: '' }, ...priced.map(({ name }) => ({ title: name, number: true }))],
      rows: [
        ['CPU of the apps', ...of(({ cpu }) => cpu)],
        ['CPU of the backends', ...of(({ backendCpu }) => backendCpu)],
        ['memory of the apps', ...of(({ memory }) => memory)],
        [html`<strong>together</strong>`, ...of(({ total }) => total).map((total): Html => html`<strong>${total}</strong>`)],
        ['orders at a rate of', ...priced.map(({ price }) => `${formatRate(price.atRatePerSecond)} (${price.rateIs})`)],
      ],
    })}
<p class="note">Computed from the medians of CPU time and memory, whose n and spread stand there, and of each pass for the verdict, at ${formatPrice(vcpuHour, currency)} for a core and hour and ${formatPrice(gibHour, currency)} for a GiB and hour (${source}): what is used, not what stands idle. Measure again: <code>${commandOf(report, 'comparison')}</code></p>`,
  };
}
