import type { ComparisonReport } from '../report-schema.ts';
import { formatRate, spreadWithN } from '../units.ts';
import { FEWEST_PAIRS } from '../verdict.ts';
import type { Choice } from './choice.ts';
import { clearBest } from './clear-best.ts';
import { titleOfPath } from './title-of-path.ts';

/** By how much more each added core bears: the same number of replicas added to each brew. */
export function byScaling({ scaling }: Pick<ComparisonReport, 'scaling'>): Choice[] {
  const rows = (scaling?.rows ?? []).flatMap(({ topology: brew, replicas, path, perAddedCore }) => (perAddedCore === null ? [] : [{ brew, path, perAddedCore, added: addedTo(replicas) }]));
  return [...Map.groupBy(rows, ({ added, path }) => `${titleOfPath(path)} for each core added, with ${added} more of the process that holds orders`)].flatMap(([title, alike]) => {
    // The cores that one more request a second takes: less is better.
    const brew = clearBest(alike.map(({ brew, perAddedCore }) => ({ brew, values: perAddedCore.values.map((rate) => 1 / rate) })), FEWEST_PAIRS);
    if (brew === undefined) return [];
    const figure = `${title}: ${alike.map((each) => `${each.brew} ${spreadWithN(each.perAddedCore, formatRate)}`).join(', ')}.`;
    return [{ brew, where: 'load grows, and cores are added for it', figure }];
  });
}

function addedTo(replicas: Readonly<Record<string, number>>): number {
  return Object.values(replicas).reduce((sum, count) => sum + count - 1, 0);
}
