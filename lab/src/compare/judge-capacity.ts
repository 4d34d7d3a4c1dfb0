import { OBJECTIVES } from './comparison-settings.ts';
import { PATH_TITLES } from './metrics.ts';
import { pairedRatio } from './method/paired-ratio.ts';
import type { Verdict } from './report-schema.ts';
import type { FoundKnee, Saturation } from './saturation-schema.ts';
import { formatKnee } from './units.ts';
import { capitalized, FEWEST_PAIRS, isClear, rangeOf, times, widened } from './verdict.ts';

/** Fewer searches hardly show how far one would differ from the next. */
const FEWEST_SEARCHES = 3;

/** Says for each path and each brew but the first whether it bears more than the first. */
export function judgeCapacity(saturation: readonly Saturation[], [baseline, ...others]: readonly string[]): Verdict[] {
  return others.flatMap((other) =>
    saturation.filter((each) => each.topology === baseline).flatMap((first) => {
      const second = saturation.find((each) => each.topology === other && each.path === first.path);
      return second === undefined ? [] : [judgePath(first, second)];
    }),
  );
}

function judgePath(first: Saturation, second: Saturation): Verdict {
  const title = PATH_TITLES[first.path];
  const told = { metric: `highest rate of ${title}`, group: 'capacity', baseline: first.topology, topology: second.topology } as const;
  const rates = [first, second].map((each) => `${each.topology} ${formatKnee(each)}`).join(', ');
  const unknown = { ...told, ratio: pairedRatio([], []) };
  const both = pairsOfKnees(first, second);
  if (searchesOf(first).length < FEWEST_SEARCHES) {
    const searches = searchesOf(first).length === 1 ? 'one search each' : `${searchesOf(first).length} searches each`;
    return { ...unknown, outcome: 'too few', sentence: `No winner in the highest rate of ${title}: ${rates}; ${searches}, no interval.` };
  }
  if (both.length < FEWEST_SEARCHES) return { ...unknown, outcome: 'not measured', sentence: `No winner in the highest rate of ${title}: ${rates}; found for both in ${both.length} of ${searchesOf(first).length} passes.` };
  // A search knows a rate to its tolerance.
  const ratio = widened(pairedRatio(both.map(([, b]) => b), both.map(([a]) => a)), OBJECTIVES.tolerance);
  const range = rangeOf(ratio);
  if (both.length < FEWEST_PAIRS) return { ...told, ratio, outcome: 'too few', sentence: `No winner in the highest rate of ${title}: too few searches to name one (${rates}; ${second.topology} ${times(ratio.estimate)}, ${range}).` };
  if (!isClear(ratio)) return { ...told, ratio, outcome: 'indistinguishable', sentence: `No winner in the highest rate of ${title}: the difference is inside the noise (${second.topology} ${range}).` };
  const winner = ratio.estimate > 1 ? second.topology : first.topology;
  return { ...told, ratio, outcome: 'differ', winner, sentence: `${capitalized(second.topology)} bears ${times(ratio.estimate)} the rate of ${title} that ${first.topology} does (${range}).` };
}

/** Of the passes in which the knee of both was found, not only a bound of it. */
function pairsOfKnees(first: Saturation, second: Saturation): (readonly [number, number])[] {
  return searchesOf(first).flatMap((search, index) => {
    const [a, b] = [rateOf(search), rateOf(searchesOf(second)[index])];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
}

function searchesOf({ knee }: Saturation): readonly FoundKnee[] {
  return knee.searches?.each ?? [knee];
}

function rateOf(search: FoundKnee | undefined): number | undefined {
  return search?.found === 'between' ? (search.ratePerSecond ?? undefined) : undefined;
}
