import type { ComparisonReport, Verdict } from '../report-schema.ts';
import type { Figure } from '../statistics.ts';
import { formatMs } from '../units.ts';
import { FEWEST_PAIRS, times } from '../verdict.ts';
import { headlines } from './headlines.ts';
import { titleOfPath } from './title-of-path.ts';

/** A reason to take a brew, and the figure it stands on. */
export interface Choice {
  brew: string;
  /** Goes on after "where". */
  where: string;
  figure: string;
}

const WHERE: Readonly<Record<Verdict['group'], string>> = {
  capacity: 'one machine must bear as much as it can',
  cpu: 'processor time is what you pay for',
  latency: 'answers must come fast',
  memory: 'memory is short',
  'start-up': 'it is started often',
  bytes: 'the network is narrow or has its price',
  price: 'what an order costs decides',
};

/** Reasons that the figures of the report give, none that they do not. */
export function choicesOf(report: ComparisonReport): Choice[] {
  return [...byVerdicts(report), ...byBlastRadius(report), ...byIsolation(report), ...byChanges(report)];
}

function byVerdicts({ verdicts }: ComparisonReport): Choice[] {
  return headlines(verdicts).map(({ group, winner = '', sentence }) => ({ brew: winner, where: WHERE[group], figure: sentence }));
}

/** A single time has no spread to overlap with. */
const FEWEST_TIMES = 3;

interface Rival {
  brew: string;
  value: number;
  text: string;
}

/** Each brew has parts of its own that can break: what counts is the share of journeys that work while one is broken. */
function byBlastRadius({ blastRadius }: ComparisonReport): Choice[] {
  const rivals = [...Map.groupBy(blastRadius?.rows ?? [], ({ topology }) => topology)].map(([brew, rows]): Rival => {
    const effects = rows.flatMap(({ journeys }) => Object.values(journeys));
    const working = effects.filter((effect) => effect === 'works').length;
    return { brew, value: -working / Math.max(1, effects.length), text: `${brew} ${working} of ${effects.length}` };
  });
  return leastOf(rivals).map((brew) => ({ brew, where: 'a broken part must leave the others working', figure: `Journeys that work while a part is broken: ${textOf(rivals)}.` }));
}

/** By how much a busy module slows a path it has no part in; too few pairs, or intervals that touch, name nobody. */
function byIsolation({ isolation }: ComparisonReport): Choice[] {
  const situations = [...Map.groupBy(isolation?.rows ?? [], ({ module, observedPath }) => `p99 of ${titleOfPath(observedPath)} beside busy ${module}, as a multiple of alone`)];
  return situations.flatMap(([title, rows]) => {
    const [best, ...others] = [...rows].sort((a, b) => a.ratio.estimate - b.ratio.estimate);
    if (best === undefined || others.length === 0 || rows.some(({ ratio }) => ratio.pairs.length < FEWEST_PAIRS) || others.some(({ ratio }) => ratio.low <= best.ratio.high)) return [];
    const figure = `${title}: ${rows.map(({ topology, ratio }) => `${topology} ${times(ratio.estimate)} (${times(ratio.low)} to ${times(ratio.high)}, n = ${ratio.pairs.length})`).join(', ')}.`;
    return [{ brew: best.topology, where: 'one busy module must not slow the others', figure }];
  });
}

/** From a change in a module to its running; values that overlap name nobody. Tests are left out: they are the same in every brew. */
function byChanges({ changes }: ComparisonReport): Choice[] {
  return [...Map.groupBy(changes?.rows ?? [], ({ module }) => module)].flatMap(([module, rows]) => {
    const figures = rows.map(({ topology, buildMs, restartMs }) => ({ topology, ...sumOf([buildMs, restartMs]) })).sort((a, b) => a.median - b.median);
    const [best, ...others] = figures;
    const fewest = Math.min(...rows.flatMap(({ buildMs, restartMs }) => [buildMs.n, restartMs.n]));
    if (best === undefined || others.length === 0 || fewest < FEWEST_TIMES || others.some(({ min }) => min <= best.max)) return [];
    const figure = `Build and restart after a change in ${module}: ${figures.map(({ topology, median, min, max }) => `${topology} ${formatMs(median)} (${formatMs(min)} – ${formatMs(max)})`).join(', ')}.`;
    return [{ brew: best.topology, where: `${module} changes often`, figure }];
  });
}

function sumOf(figures: readonly Figure[]): Pick<Figure, 'median' | 'min' | 'max'> {
  const sum = (of: (figure: Figure) => number): number => figures.reduce((total, figure) => total + of(figure), 0);
  return { median: sum(({ median }) => median), min: sum(({ min }) => min), max: sum(({ max }) => max) };
}

/** The brew with the least, unless another has as little. */
function leastOf(rivals: readonly Rival[]): string[] {
  const [best, next] = [...rivals].sort((a, b) => a.value - b.value);
  return best === undefined || next === undefined || best.value === next.value ? [] : [best.brew];
}

function textOf(rivals: readonly Rival[]): string {
  return rivals.map(({ text }) => text).join(', ');
}
