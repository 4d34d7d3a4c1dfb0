import type { Journey } from '../journeys/journey.ts';
import type { JourneyEffect } from '../journeys/timeline.ts';
import type { Drain } from '../journeys/told.ts';
import type { Expectations } from './trial.ts';

/** What became of a shop. */
export interface Outcome {
  journeys: Readonly<Record<Journey, JourneyEffect>>;
  recoveredAfterMs: number;
  toldAgainAfterMs: number;
  /** Known of a full run. */
  drain?: Drain;
}

/** What was expected of a trial and did not happen, in sentences. */
export function judge(expects: Expectations, outcome: Outcome): string[] {
  const { journeys, recoveredAfterMs, toldAgainAfterMs } = outcome;
  const { works = [], suffers = [], only = {}, errorsWithinMs, recoversWithinMs, toldAgainWithinMs } = expects;
  return [
    ...works.filter((journey) => Object.keys(journeys[journey].errors).length > 0).map((journey) => `"${journey}" went wrong: ${errorsOf(journeys[journey])}`),
    ...suffers.filter((journey) => journeys[journey].errorRate === 0).map((journey) => `"${journey}" went on as if nothing were broken`),
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
    ...(outcome.drain === undefined ? [] : judgeFullRun(expects, journeys, outcome.drain)),
  ];
}

/** A backlog that is gone so soon was none, or none to tell a pace by. */
const AT_ONCE_MS = 1_000;

function judgeFullRun(expects: Expectations, journeys: Outcome['journeys'], { afterMs, times }: Drain): string[] {
  const { works = [], orderP99Times = Infinity, addedP99Ms = Infinity, drainsTimes = 0 } = expects;
  const { before, during } = journeys.order.p99Ms;
  const slower = works.filter((journey) => journeys[journey].p99Ms.during - journeys[journey].p99Ms.before > addedP99Ms);
  return [
    ...slower.map((journey) => `the slowest 1 % of "${journey}" took ${Math.round(journeys[journey].p99Ms.during)} ms, ${Math.round(journeys[journey].p99Ms.before)} ms before, and may take ${addedP99Ms} ms more`),
    ...(during > before * orderP99Times ? [`the slowest 1 % of orders took ${Math.round(during)} ms, ${Math.round(before)} ms before, and may take ${orderP99Times} times that`] : []),
    ...(afterMs > AT_ONCE_MS && times < drainsTimes ? [`${times.toFixed(1)} orders were announced for each that came, over ${Math.round(afterMs)} ms, and ${drainsTimes} should be`] : []),
  ];
}

function errorsOf({ errors }: JourneyEffect): string {
  return Object.entries(errors).map(([answer, count]) => `${count} × ${answer}`).join(', ');
}
