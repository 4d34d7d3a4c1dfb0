import type { ComparisonSettings } from './comparison-settings.ts';
import { measurePasses, type Passes } from './method/measure-passes.ts';
import type { Brew, Stand } from './method/measure-window.ts';
import { pairedRatio } from './method/paired-ratio.ts';
import type { BackendsKind, BrewRequest, OpenBrew } from './open-brews.ts';
import type { ComparisonReport } from './report-schema.ts';
import type { Dial, Taxes } from './section-schemas.ts';
import { summarizeTopology } from './summarize.ts';
import { capitalized, isClear, rangeOf, times } from './verdict.ts';

type OrderCost = Dial['steps'][number]['order'];
type Price = Taxes['brokers'][number];

/** One process, its log and queue in itself. */
const INSIDE: BrewRequest = { name: 'monolith', topology: 'monolith', messaging: 'fitting' };
const SPLIT: BrewRequest = { name: 'microservices', topology: 'microservices', messaging: 'fitting' };
/** The one process, with both outside: where the several have them. */
const OUTSIDE: Readonly<Record<BackendsKind, BrewRequest>> = {
  embedded: { name: 'monolith, messages outside', topology: 'monolith', messaging: 'postgres' },
  containers: { name: 'monolith, messages outside', topology: 'monolith', messaging: 'brokers' },
};
/** The several processes without a broker; on embedded parts that is what they are anyway. */
const ON_POSTGRES: BrewRequest = { name: 'microservices, messages over PostgreSQL', topology: 'microservices', messaging: 'postgres' };
/** Between one process and four, cut by cut: first the messages' way, then the two that work most, then the last. */
const BETWEEN: readonly BrewRequest[] = ['gateway+auth | orders+notifications', 'gateway+auth | orders | notifications'].map((topology) => ({ name: topology, topology, messaging: 'fitting' }));

/** The arrangements that are measured beside each other: in containers brokers and PostgreSQL, and only those that there are databases for. */
export function arrangementsOf(backends: BackendsKind): BrewRequest[] {
  return [INSIDE, OUTSIDE[backends], ...(backends === 'embedded' ? BETWEEN : [ON_POSTGRES]), SPLIT];
}

export interface ArrangementOptions {
  stand: Stand;
  brews: readonly (OpenBrew & Brew)[];
  settings: ComparisonSettings;
  backends: BackendsKind;
  onWindow: (title: string) => void;
  /** Called with all there is after each pass. */
  onMeasured: (prices: Pick<ComparisonReport, 'taxes' | 'dial'>) => void;
}

/** What the same order costs in each arrangement: the price of splitting and that of brokers, told apart, and of each cut. */
export async function measureArrangements({ stand, brews, settings, backends, onWindow, onMeasured }: ArrangementOptions): Promise<void> {
  const { arrangementPasses = 0, windows: { order } } = settings;
  const onPass = (passes: Passes): void => { onMeasured(pricesOf(brews, passes, { settings, backends })); };
  await measurePasses({ stand, brews, passes: arrangementPasses, windows: { order }, onWindow, onPass });
}

/** Works the prices out; the brews in the order in which {@link arrangementsOf} names them. */
export function pricesOf(brews: readonly (Pick<OpenBrew, 'request' | 'groups'> & Brew)[], passes: Passes, { settings, backends }: { settings: ComparisonSettings; backends: BackendsKind }): Pick<ComparisonReport, 'taxes' | 'dial'> {
  const costs = new Map(brews.map((brew, index) => [brew.request.name, costOf(brew, passes[index] ?? {}, settings)]));
  const of = ({ name }: BrewRequest): OrderCost => {
    const cost = costs.get(name);
    if (cost === undefined) throw new TypeError(`there is no arrangement "${name}"`);
    return cost;
  };
  const outside = OUTSIDE[backends];
  const shared = backends === 'embedded' ? 'postgres' : 'brokers';
  const steps = brews.filter(({ request }) => request.messaging === 'fitting').map(({ request, groups }) => ({ topology: request.name, processes: groups.length, order: of(request) }));
  return {
    taxes: {
      cells: [
        { topology: INSIDE.topology, messaging: 'in-process', order: of(INSIDE) },
        { topology: INSIDE.topology, messaging: shared, order: of(outside) },
        backends === 'embedded' ? { topology: SPLIT.topology, messaging: 'in-process', order: null } : { topology: SPLIT.topology, messaging: 'postgres', order: of(ON_POSTGRES) },
        { topology: SPLIT.topology, messaging: shared, order: of(SPLIT) },
      ],
      brokers: between('messages that leave the process', of(INSIDE), of(outside)),
      ...(backends === 'containers' && { insteadOfPostgres: between('Kafka and RabbitMQ instead of PostgreSQL', of(ON_POSTGRES), of(SPLIT)) }),
      splitting: between('four processes instead of one', of(outside), of(SPLIT)),
    },
    dial: { steps, cuts: steps.slice(1).map((step, index) => ({ from: steps[index]?.topology ?? '', to: step.topology, prices: between(step.topology, steps[index]?.order ?? step.order, step.order) })) },
  };
}

function costOf({ shop }: Brew, windows: Passes[number], settings: ComparisonSettings): OrderCost {
  const { paths, loadRssBytes } = summarizeTopology({ shop, windows, starts: [], perOrder: { spans: [], logLines: [] } }, { windows: settings.windows, stepMs: 0 });
  const { cpuMicros, p50Ms } = paths.order;
  if (cpuMicros === undefined) throw new TypeError('orders have CPU time');
  return { cpuMicros: cpuMicros.total, cpuMicrosWithBackends: cpuMicros.withBackends, p50Ms, notifiedP50Ms: paths.notified.p50Ms, loadRssBytes };
}

const PRICED: readonly { metric: string; of: (cost: OrderCost) => OrderCost['p50Ms'] }[] = [
  { metric: 'CPU time of the apps for each order', of: ({ cpuMicros }) => cpuMicros },
  { metric: 'CPU time of apps and backends for each order', of: ({ cpuMicrosWithBackends }) => cpuMicrosWithBackends },
  { metric: 'median time to place an order', of: ({ p50Ms }) => p50Ms },
  { metric: 'median time from POST to notification', of: ({ notifiedP50Ms }) => notifiedP50Ms },
  { metric: 'memory under load', of: ({ loadRssBytes }) => loadRssBytes },
];

function between(what: string, before: OrderCost, after: OrderCost): Price[] {
  return PRICED.map(({ metric, of }) => {
    const ratio = pairedRatio(of(after).values, of(before).values);
    const verdict = isClear(ratio) ? `${times(ratio.estimate)} (${rangeOf(ratio)})` : `no change beyond the noise (${rangeOf(ratio)})`;
    return { metric, ratio, sentence: `${capitalized(what)}: ${metric}: ${verdict}.` };
  });
}
