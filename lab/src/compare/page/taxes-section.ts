import { html, NOTHING, type Html } from '../../page/html.ts';
import { MESSAGING_TITLES } from '../messaging-titles.ts';
import type { ComparisonReport } from '../report-schema.ts';
import type { Taxes } from '../section-schemas.ts';
import { formatMicros } from '../units.ts';
import { toneOfName } from './brews.ts';
import { renderStackBars } from './charts/stack-bars.ts';
import { orderCostBar, orderCostRows } from './order-costs.ts';
import { renderPrices } from './prices.ts';
import { commandOf, figuresBehind, type Section } from './section.ts';

/** The price of splitting and the price of messages that leave the process, told apart. */
export function taxesSection(report: ComparisonReport): Section | undefined {
  const { taxes } = report;
  if (taxes === undefined) return undefined;
  const cells = taxes.cells.flatMap(({ topology, messaging, order }) => (order === null ? [] : [{ topology, order, label: `${topology}, ${MESSAGING_TITLES[messaging]}` }]));
  const missing = taxes.cells.filter(({ order }) => order === null).map(({ topology, messaging }) => `${topology} with ${MESSAGING_TITLES[messaging]}`);
  return {
    id: 'taxes',
    title: 'The two taxes',
    body: html`<p>Splitting a process and sending messages out of it are two steps, with a price each. CPU for each order, and all that follows it:</p>
${renderStackBars(cells.map(({ topology, order, label }) => orderCostBar({ label, tone: toneOfName(report, topology), order })), formatMicros)}
${missing.length === 0 ? NOTHING : html`<p class="note">There is no ${missing.join(' and no ')}.</p>`}
${step('Messages leave the process: the same processes, other messaging', taxes.brokers)}
${step('Brokers in place of the database: the same four processes, Kafka and RabbitMQ instead of PostgreSQL', taxes.insteadOfPostgres ?? [])}
${step('The process is split: the same messaging, more processes', taxes.splitting)}
${figuresBehind('The two taxes', cells.flatMap(({ label, order }) => orderCostRows(label, order)), commandOf(report, 'taxes'))}`,
  };
}

function step(title: string, prices: Taxes['brokers']): Html {
  return prices.length === 0 ? NOTHING : html`<h3>${title}</h3>${renderPrices(prices)}`;
}
