import { expect, test } from 'vitest';
import { basketHash, createBasketSource } from './basket.ts';
import { createSeededRandom } from './seeded-random.ts';

const DRINKS = ['a', 'b', 'c', 'd'];

test('when many baskets are drawn, then no two are equal, even from a small menu', () => {
  const next = createBasketSource(DRINKS, createSeededRandom(1));
  const hashes = Array.from({ length: 3000 }, () => basketHash(next()));
  expect(new Set(hashes).size).toBe(3000);
});

test('when the seed is the same, then the baskets are', () => {
  const draw = (): unknown[] => Array.from({ length: 20 }, createBasketSource(DRINKS, createSeededRandom(7)));
  expect(draw()).toEqual(draw());
});

test('when a basket is drawn, then it names no drink twice and only drinks of the menu', () => {
  const next = createBasketSource(DRINKS, createSeededRandom(3));
  for (const basket of Array.from({ length: 200 }, next)) {
    const ids = basket.map((line) => line.menuItemId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(DRINKS).toEqual(expect.arrayContaining(ids));
  }
});

test('when the lines come in another order, then the hash is the same; when a quantity differs, it is not', () => {
  const [a, b] = [{ menuItemId: 'a', quantity: 1 }, { menuItemId: 'b', quantity: 2 }];
  expect(basketHash([a, b])).toBe(basketHash([b, a]));
  expect(basketHash([a, b])).not.toBe(basketHash([a, { ...b, quantity: 1 }]));
});
