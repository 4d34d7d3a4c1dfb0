import type { FoundKnee, Knee } from '../saturation-schema.ts';
import { figureOf } from '../statistics.ts';

/** What one search or several found: of several, the one in the middle, with how far they lie apart; a bound only where none found more. Latency at half of it is measured later. */
export function kneeOf(searches: readonly FoundKnee[]): Knee {
  const whole = searches.filter(({ found }) => found === 'between');
  const middle = middleOf(whole) ?? middleOf(searches.filter(({ ratePerSecond }) => ratePerSecond !== null)) ?? searches[0];
  if (middle === undefined) throw new TypeError('a knee rests on one search at least');
  const rates = figureOf(whole.flatMap(({ ratePerSecond }) => ratePerSecond ?? []));
  return { ...middle, ...(searches.length > 1 && { searches: { rates, each: [...searches] } }), atHalf: null };
}

function middleOf(searches: readonly FoundKnee[]): FoundKnee | undefined {
  return searches.toSorted((a, b) => (a.ratePerSecond ?? 0) - (b.ratePerSecond ?? 0))[Math.floor((searches.length - 1) / 2)];
}
