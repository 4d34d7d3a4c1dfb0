import { createHash } from 'node:crypto';
import type { SeededRandom } from './seeded-random.ts';

export interface BasketLine {
  menuItemId: string;
  quantity: number;
}

export type Basket = readonly BasketLine[];

const LARGEST_QUANTITY = 3;
const MOST_LINES = 3;
const TRIES_BEFORE_LARGER_QUANTITIES = 50;

/** Identifies what was ordered, whatever the order of the lines: the same for a request and for the order it became. */
export function basketHash(basket: Basket): string {
  const lines = basket.map((line) => `${line.menuItemId}x${line.quantity}`).sort();
  return createHash('sha256').update(lines.join(',')).digest('hex').slice(0, 24);
}

/**
 * Gives baskets of which no two are equal. Each customer has a source of its own: an order seen from outside can then be matched
 * with the attempt that asked for it, even when the answer, and with it the order id, was lost.
 */
export function createBasketSource(menuItemIds: readonly string[], random: SeededRandom): () => Basket {
  const given = new Set<string>();
  let largest = LARGEST_QUANTITY;
  let misses = 0;
  return () => {
    for (;;) {
      const basket = pick(menuItemIds, random, largest);
      const hash = basketHash(basket);
      if (!given.has(hash)) {
        given.add(hash);
        misses = 0;
        return basket;
      }
      misses += 1;
      if (misses % TRIES_BEFORE_LARGER_QUANTITIES === 0) largest += 1;
    }
  };
}

function pick(menuItemIds: readonly string[], random: SeededRandom, largest: number): Basket {
  const left = [...menuItemIds];
  const lines = 1 + random.below(Math.min(MOST_LINES, left.length));
  return Array.from({ length: lines }, () => {
    const [menuItemId = ''] = left.splice(random.below(left.length), 1);
    return { menuItemId, quantity: 1 + random.below(largest) };
  });
}
