import type { ComparisonReport, Verdict } from '../report-schema.ts';
import { figureOf, type Figure } from '../statistics.ts';
import { formatMs, spreadWithN } from '../units.ts';
import { FEWEST_PAIRS, NOISE_SHARE, times } from '../verdict.ts';
import type { Choice } from './choice.ts';
import { clearBest } from './clear-best.ts';
import { headlines } from './headlines.ts';
import { byPrices } from './price-choices.ts';
import { byScaling } from './scaling-choices.ts';
import { titleOfPath } from './title-of-path.ts';

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
  return [...byVerdicts(report), ...byPrices(report), ...byScaling(report), ...byIsolation(report), ...byChanges(report)];
}

function byVerdicts({ verdicts }: ComparisonReport): Choice[] {
  return headlines(verdicts).map(({ group, winner = '', sentence }) => ({ brew: winner, where: WHERE[group], figure: sentence }));
}

/** A single time has no spread to overlap with. */
const FEWEST_TIMES = 3;

/** By how much a busy module slows a path it has no part in; too few pairs, or intervals that nearly touch, name nobody. */
function byIsolation({ isolation }: ComparisonReport): Choice[] {
  const situations = [...Map.groupBy(isolation?.rows ?? [], ({ module, observedPath }) => `p99 of ${titleOfPath(observedPath)} beside busy ${module}, as a multiple of alone`)];
  return situations.flatMap(([title, rows]) => {
    const [best, ...others] = [...rows].sort((a, b) => a.ratio.estimate - b.ratio.estimate);
    if (best === undefined || others.length === 0 || rows.some(({ ratio }) => ratio.pairs.length < FEWEST_PAIRS) || others.some(({ ratio }) => ratio.low <= best.ratio.high * (1 + NOISE_SHARE))) return [];
    const figure = `${title}: ${rows.map(({ topology, ratio }) => `${topology} ${times(ratio.estimate)} (${times(ratio.low)} to ${times(ratio.high)}, n = ${ratio.pairs.length})`).join(', ')}.`;
    return [{ brew: best.topology, where: 'one busy module must not slow the others', figure }];
  });
}

/** From a change in a module to its running. Tests are left out: they are the same in every brew. */
function byChanges({ changes }: ComparisonReport): Choice[] {
  return [...Map.groupBy(changes?.rows ?? [], ({ module }) => module)].flatMap(([module, rows]) => {
    const rivals = rows.map(({ topology, buildMs, restartMs }) => ({ brew: topology, values: sumsOf(buildMs, restartMs) }));
    const brew = clearBest(rivals, FEWEST_TIMES);
    if (brew === undefined) return [];
    const figure = `Build and restart after a change in ${module}: ${rivals.map((rival) => `${rival.brew} ${spreadWithN(figureOf(rival.values), formatMs)}`).join(', ')}.`;
    return [{ brew, where: `${module} changes often`, figure }];
  });
}

function sumsOf(first: Figure, second: Figure): number[] {
  return first.values.slice(0, second.n).map((value, index) => value + (second.values[index] ?? 0));
}

/** What was seen in one try of each: a sign, and no reason, for one try has no spread to overlap with. Each brew has parts of its own that can break. */
export function seenOnce({ blastRadius }: ComparisonReport): string[] {
  const brews = [...Map.groupBy(blastRadius?.rows ?? [], ({ topology }) => topology)];
  if (brews.length < 2) return [];
  const shares = brews.map(([brew, rows]) => {
    const effects = rows.flatMap(({ journeys }) => Object.values(journeys));
    return `${brew} ${effects.filter((effect) => effect === 'works').length} of ${effects.length}`;
  });
  return [`Journeys that worked while a part was broken, in one try of each part (n = 1): ${shares.join(', ')}.`];
}
