import { expect, test } from 'vitest';
import { allowsChange, itemEtag } from './item-etag.ts';

test('moves with the version and with the stock', () => {
  expect([itemEtag({ version: 3, stock: 10 }), itemEtag({ version: 3, stock: 9 }), itemEtag({ version: 4, stock: 10 })]).toEqual(['W/"3-10"', 'W/"3-9"', 'W/"4-10"']);
});

test.each([
  ['W/"3-10"', true, true],
  ['"3-10"', true, true],
  ['W/"3-9"', true, false],
  ['"2-10", W/"3-10"', true, true],
  ['*', true, true],
  ['W/"2-10"', false, false],
  ['W/"33-10"', false, false],
  ['"3"', false, false],
  ['3-10', false, false],
])('If-Match %s on version 3 with a stock of 10', (ifMatch, allowsEdit, allowsStock) => {
  const item = { version: 3, stock: 10 };
  expect([allowsChange(ifMatch, item, { setsStock: false }), allowsChange(ifMatch, item, { setsStock: true })]).toEqual([allowsEdit, allowsStock]);
});
