import { JOURNEYS, type Attempt } from '../../journeys/journey.ts';
import { effectOn, type Moments } from '../../journeys/timeline.ts';
import type { BlastRadius } from '../section-schemas.ts';

/** Nothing has gone wrong for so long: it has recovered. */
export const QUIET_MS = 1_000;

/** What became of each journey while a part was broken, and when the last of them was well again, if it was before the end. */
export function radiusOf(attempts: readonly Attempt[], { endedAt, ...moments }: Moments & { endedAt: number }): Pick<BlastRadius['rows'][number], 'journeys' | 'recoveryMs'> {
  const effects = JOURNEYS.map((journey) => [journey, effectOn(journey, attempts, moments)] as const);
  const recoveredAfterMs = Math.max(...effects.map(([, effect]) => effect.recoveredAfterMs));
  return {
    journeys: withoutOrders(Object.fromEntries(effects.map(([journey, { effect }]) => [journey, effect]))),
    recoveryMs: moments.mendedAt + recoveredAfterMs > endedAt - QUIET_MS ? null : recoveredAfterMs,
  };
}

/** Where no order is accepted nobody is told of one. */
function withoutOrders(journeys: BlastRadius['rows'][number]['journeys']): BlastRadius['rows'][number]['journeys'] {
  return journeys['order'] === 'fails' ? { ...journeys, told: 'fails' } : journeys;
}
