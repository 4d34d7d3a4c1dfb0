import { expect, test } from 'vitest';
import { createBasketSource } from '../load/basket.ts';
import { createSeededRandom } from '../load/seeded-random.ts';
import { plentyFor } from './audit-defaults.ts';

test.each([20, 200, 40_000])('%i orders of five customers use up no drink that there is plenty of', (orders) => {
  const menu = Array.from({ length: 8 }, (_, n) => `drink-${n}`);
  const taken = new Map(menu.map((id) => [id, 0]));
  const sources = Array.from({ length: 5 }, (_, n) => createBasketSource(menu, createSeededRandom(n + 1)));
  for (let n = 0; n < orders; n += 1) for (const { menuItemId, quantity } of sources[n % sources.length]!()) taken.set(menuItemId, taken.get(menuItemId)! + quantity);
  expect(Math.max(...taken.values())).toBeLessThanOrEqual(plentyFor(orders));
});
