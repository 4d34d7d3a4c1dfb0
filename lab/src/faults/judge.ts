import type { Journey } from './journey.ts';
import type { JourneyEffect } from './timeline.ts';
import type { Expectations } from './trial.ts';

/** What became of a shop. */
export interface Outcome {
  journeys: Readonly<Record<Journey, JourneyEffect>>;
  recoveredAfterMs: number;
  toldAgainAfterMs: number;
}

/** What was expected of a trial and did not happen, in sentences. */
export function judge(expects: Expectations, { journeys, recoveredAfterMs, toldAgainAfterMs }: Outcome): string[] {
  const { works = [], only = {}, errorsWithinMs, recoversWithinMs, toldAgainWithinMs } = expects;
  return [
    ...works.filter((journey) => journeys[journey].errorRate > 0).map((journey) => `"${journey}" went wrong: ${errorsOf(journeys[journey])}`),
    ...Object.entries(only).flatMap(([journey, allowed]) => {
      const effect = journeys[journey as Journey];
      const others = Object.keys(effect.errors).filter((answer) => !allowed.includes(answer));
      const slow = errorsWithinMs !== undefined && effect.slowestErrorMs > errorsWithinMs;
      return [
        ...(others.length > 0 ? [`"${journey}" was answered with ${others.join(', ')}`] : []),
        ...(slow ? [`"${journey}" took ${Math.round(effect.slowestErrorMs)} ms to say that it cannot, and may take ${errorsWithinMs}`] : []),
      ];
    }),
    ...(recoversWithinMs !== undefined && recoveredAfterMs > recoversWithinMs ? [`recovered after ${Math.round(recoveredAfterMs)} ms, and may take ${recoversWithinMs}`] : []),
    ...(toldAgainWithinMs !== undefined && toldAgainAfterMs > toldAgainWithinMs ? [`an order was announced after ${Math.round(toldAgainAfterMs)} ms, and it may take ${toldAgainWithinMs}`] : []),
  ];
}

function errorsOf({ errors }: JourneyEffect): string {
  return Object.entries(errors).map(([answer, count]) => `${count} × ${answer}`).join(', ');
}
