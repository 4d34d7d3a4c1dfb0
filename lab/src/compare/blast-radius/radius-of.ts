import type { Attempt } from '../../journeys/journey.ts';
import { effectsOn, type Moments } from '../../journeys/timeline.ts';
import type { BlastRadius } from '../section-schemas.ts';

/** Nothing has gone wrong for so long: it has recovered. */
export const QUIET_MS = 1_000;

/** What became of each journey while a part was broken, and when the last of them was well again, if it was before the end. */
export function radiusOf(attempts: readonly Attempt[], { endedAt, ...moments }: Moments & { endedAt: number }): Pick<BlastRadius['rows'][number], 'journeys' | 'recoveryMs'> {
  const effects = effectsOn(attempts, moments);
  const recoveredAfterMs = Math.max(...Object.values(effects).map((effect) => effect.recoveredAfterMs));
  return {
    journeys: Object.fromEntries(Object.entries(effects).map(([journey, { effect }]) => [journey, effect])),
    recoveryMs: moments.mendedAt + recoveredAfterMs > endedAt - QUIET_MS ? null : recoveredAfterMs,
  };
}
