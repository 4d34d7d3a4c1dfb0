import { expect, test } from 'vitest';
import { z } from 'zod';
import { isProblem } from '../errors/error-code.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { etagOf, matchesEtag } from './etag.ts';
import { parsePreferWaitMs } from './prefer.ts';

test.each([
  ['"7"', true],
  ['W/"7"', true],
  ['*', true],
  ['"1", W/"2" , "7"', true],
  ['"a,7", "8"', false],
  ['"77"', false],
  ['7', false],
  ['', false],
  [undefined, false],
])('%s against "7": %s', (header, matches) => {
  expect(matchesEtag(header, etagOf(7))).toBe(matches);
});

test('a weak tag of ours matches a strong one of the client', () => {
  expect(matchesEtag('"7"', 'W/"7"')).toBe(true);
});

test.each([
  ['wait=10', 10_000],
  ['respond-async, wait=10', 10_000],
  ['wait="3"; foo=bar', 3_000],
  ['Wait = 2', 2_000],
  ['wait=100000', 30_000],
  ['wait=0', 0],
  ['wait=-1', undefined],
  ['wait=1.5', undefined],
  ['wait', undefined],
  ['', undefined],
  [undefined, undefined],
])('Prefer: %s waits %s ms', (header, expected) => {
  expect(parsePreferWaitMs(header)).toBe(expected);
});

test('a cursor comes back as it was given out', () => {
  const schema = z.object({ at: z.string(), id: z.string() });
  const position = { at: '2026-01-01T00:00:00Z', id: 'x/é?' };
  expect(encodeCursor(position)).toMatch(/^[\w-]+$/);
  expect(decodeCursor(encodeCursor(position), schema)).toEqual(position);
  expect(decodeCursor(undefined, schema)).toBeUndefined();
});

test.each(['', '%', 'bm90IGpzb24', encodeCursor({ at: 1 }), encodeCursor(null), '\u0000'])('the cursor %j is refused as cursor_invalid', (cursor) => {
  expect(() => decodeCursor(cursor, z.object({ at: z.string() }))).toThrow(expect.objectContaining({ code: 'cursor_invalid' }) as Error);
});

test('a problem is told by name and code, not by class', () => {
  const foreign = Object.assign(new Error('x'), { name: 'ProblemError', code: 'forbidden' });
  expect(isProblem(foreign, 'forbidden')).toBe(true);
  expect(isProblem(Object.assign(new Error('x'), { code: 'forbidden' }), 'forbidden')).toBe(false);
});
