import { SourceMap } from 'node:module';
import { encode } from '@jridgewell/sourcemap-codec';
import { expect, test } from 'vitest';
import { mapOfOwnCode } from './map-of-own-code.ts';

const OWN = 0;
const PACKAGE = 1;

test('a position in our own code leads to its source, and one in a package nowhere, on a later line too', () => {
  const mappings = encode([[[0, OWN, 4, 2], [20, PACKAGE, 0, 0], [30, OWN, 9, 0]], [[0, PACKAGE, 1, 0], [5, PACKAGE, 2, 0]], [[0, OWN, 11, 0]]]);
  const json = mapOfOwnCode(JSON.stringify({ version: 3, sources: ['../src/own.ts', '../../../node_modules/pg/lib/client.js'], names: [], mappings }));
  const map = new SourceMap(JSON.parse(json) as ConstructorParameters<typeof SourceMap>[0]);
  const sourceOf = (line: number, column: number): unknown => {
    const { originalSource, originalLine } = map.findEntry(line, column) as { originalSource?: string; originalLine?: number };
    return originalSource === undefined ? undefined : `${originalSource}:${originalLine}`;
  };
  expect([sourceOf(0, 3), sourceOf(0, 35), sourceOf(2, 8)]).toEqual(['../src/own.ts:4', '../src/own.ts:9', '../src/own.ts:11']);
  expect([sourceOf(0, 25), sourceOf(1, 0), sourceOf(1, 9)]).toEqual([undefined, undefined, undefined]);
  expect(json).not.toContain('node_modules');
});
