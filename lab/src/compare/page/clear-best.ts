import { unpairedRatio } from '../method/paired-ratio.ts';
import { isClear } from '../verdict.ts';

/** A brew with its values of something that is better the less there is of it. */
export interface Rival {
  brew: string;
  values: readonly number[];
}

/** The brew that needs less than every other, beyond the noise; nobody where one has fewer values than that. Values of different brews are no pairs here. */
export function clearBest(rivals: readonly Rival[], fewest: number): string | undefined {
  if (rivals.length < 2 || rivals.some(({ values }) => values.length < fewest)) return undefined;
  return rivals.find((best) => rivals.every((other) => other === best || isClearlyMore(other, best)))?.brew;
}

function isClearlyMore(more: Rival, less: Rival): boolean {
  const ratio = unpairedRatio(more.values, less.values);
  return ratio.estimate > 1 && isClear(ratio, { fewest: 0 });
}
