import { figureOf, type Figure } from '../statistics.ts';

/**
 * By how much `of` is more than `to`, value by value: both lists are in the order they were measured, so what drifts from pass to pass changes both values of a pair.
 * A pair of which one value is not known is left out.
 */
export function pairedDifference(of: readonly (number | null)[], to: readonly (number | null)[]): Figure {
  return figureOf(of.flatMap((value, index) => {
    const other = to[index] ?? null;
    return value === null || other === null ? [] : [value - other];
  }));
}
