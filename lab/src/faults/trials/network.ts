import type { Link, LinkState } from '../link.ts';
import type { Stage } from '../stage.ts';
import type { Scene, Trial } from '../trial.ts';

const PARTITIONS_MS = [10_000, 30_000];
const TROUBLE_MS = 20_000;
const HEALS_WITHIN_MS = 30_000;

/** F8: nothing passes between two parts, one pair after another. */
export function partitions(stage: Stage): Trial[] {
  return PARTITIONS_MS.map((forMs) => ({ fault: 'F8', name: `each pair apart for ${forMs / 1_000} s`, inflict: (scene) => eachPair(scene, forMs), expects: { recoversWithinMs: HEALS_WITHIN_MS } }));

  async function eachPair({ hold }: Scene, forMs: number): ReturnType<Trial['inflict']> {
    const links = stage.links();
    for (const link of links) {
      link.set('silent');
      await hold(forMs);
      link.set('open');
    }
    return { kills: links.length, notes: [links.map(({ name }) => name).join(', ')] };
  }
}

/** F9: what passes comes late, in pieces, or not at all. */
export function badConnections(stage: Stage): Trial[] {
  return (['slow', 'sliced', 'reset', 'half-open'] as const).map((state) => ({
    fault: 'F9',
    name: `every connection ${state}`,
    inflict: async ({ hold }) => {
      setAll(stage.links(), state);
      await hold(TROUBLE_MS);
      setAll(stage.links(), 'open');
      return { kills: stage.links().length };
    },
    expects: { recoversWithinMs: HEALS_WITHIN_MS },
  }));
}

function setAll(links: readonly Link[], state: LinkState): void {
  for (const link of links) link.set(state);
}
