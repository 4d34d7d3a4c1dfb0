import { PATH_TITLES } from '../metrics.ts';
import { PATHS, type ComparisonReport, type Turn } from '../report-schema.ts';
import { formatRate } from '../units.ts';
import { capitalized, keptUp } from '../verdict.ts';

type Told = Pick<ComparisonReport, 'topologies' | 'blastRadius'>;
type State = Omit<Turn, 'before' | 'after' | 'sentence'> & { state: string; note: string };

/** What is no number: whether brews keep up with their rates, and which journeys work while a part is broken. */
export function turnsBetween(before: Told, now: Told): Turn[] {
  const then = new Map(statesOf(before).map((state) => [keyOf(state), state]));
  return statesOf(now).flatMap(({ state: after, note, ...told }) => {
    const earlier = then.get(keyOf(told))?.state;
    if (earlier === undefined) return [];
    const words = earlier === after ? `${after} then and now` : `${earlier} then, ${after} now`;
    return [{ ...told, before: earlier, after, sentence: `${capitalized(told.topology)}, ${told.what}: ${words}${note}.` }];
  });
}

function keyOf({ topology, what }: Pick<Turn, 'topology' | 'what'>): string {
  return `${topology}\n${what}`;
}

function statesOf({ topologies, blastRadius }: Told): State[] {
  const rates = topologies.flatMap((topology) =>
    PATHS.filter((path) => topology.paths[path].requests > 0).map((path): State => ({
      section: 'comparison',
      topology: topology.name,
      what: `${formatRate(topology.paths[path].ratePerSecond)} of ${PATH_TITLES[path]}`,
      state: keptUp(topology, path) ? 'kept up' : 'not kept up',
      note: '',
    })),
  );
  const journeys = (blastRadius?.rows ?? []).flatMap(({ topology, part, fault, journeys: effects }) =>
    Object.entries(effects).map(([journey, state]): State => ({ section: 'blastRadius', topology, what: `${journey} while ${part} is ${fault}`, state, note: ' (one try each)' })),
  );
  return [...rates, ...journeys];
}
