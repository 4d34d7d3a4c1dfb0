import type { ComparisonReport } from '../report-schema.ts';
import type { Price } from '../section-schemas.ts';
import { inverse, isClear, rangeOf, times } from '../verdict.ts';
import type { Choice } from './choice.ts';

/** A step from one arrangement to another, and when each of them is the one to take. */
interface Step {
  prices: readonly Price[];
  before: Omit<Choice, 'figure'>;
  after: Omit<Choice, 'figure'>;
}

/** By what a step costs beyond the noise: who does without it where it costs something, who takes it where it saves something. */
export function byPrices({ taxes, dial }: Pick<ComparisonReport, 'taxes' | 'dial'>): Choice[] {
  const [inside, , , split] = taxes?.cells ?? [];
  const ofTaxes: Step[] = inside === undefined || split === undefined || taxes === undefined ? [] : [
    { prices: taxes.brokers, before: { brew: inside.topology, where: 'events and tasks may stay in the process' }, after: { brew: inside.topology, where: 'events and tasks may leave the process' } },
    { prices: taxes.insteadOfPostgres ?? [], before: { brew: split.topology, where: 'PostgreSQL may carry events and tasks, too' }, after: { brew: split.topology, where: 'there may be brokers besides PostgreSQL' } },
    { prices: taxes.splitting, before: { brew: inside.topology, where: 'events and tasks leave the process, and one process is enough' }, after: { brew: split.topology, where: 'events and tasks leave the process, and there may be several' } },
  ];
  const cuts = (dial?.cuts ?? []).map(({ from, to, prices }): Step => ({ prices, before: { brew: from, where: `what ${to} keeps apart need not be apart` }, after: { brew: to, where: `what ${from} keeps together need not be together` } }));
  return [...ofTaxes, ...cuts].flatMap(choicesOfStep);
}

function choicesOfStep({ prices, before, after }: Step): Choice[] {
  const clear = prices.filter(({ ratio }) => isClear(ratio));
  const costs = clear.filter(({ ratio }) => ratio.estimate > 1).map(({ metric, ratio }) => `${metric} ${times(ratio.estimate)} (${rangeOf(ratio)})`);
  const saves = clear.filter(({ ratio }) => ratio.estimate < 1).map(({ metric, ratio }) => `${metric} ${times(1 / ratio.estimate)} (${rangeOf(inverse(ratio))})`);
  return [
    ...(costs.length === 0 ? [] : [{ ...before, figure: `The step away costs: ${costs.join('; ')}.` }]),
    ...(saves.length === 0 ? [] : [{ ...after, figure: `Without the step: ${saves.join('; ')}.` }]),
  ];
}
