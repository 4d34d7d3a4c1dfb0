import { expect, test } from 'vitest';
import { isNotModified } from './conditional-read.ts';

const representation = { etag: '"3"', lastModifiedMs: Date.parse('2026-03-01T10:00:00.700Z') };

test.each([
  ['no condition', {}, false],
  ['its ETag', { 'if-none-match': '"3"' }, true],
  ['its ETag, weak', { 'if-none-match': 'W/"3"' }, true],
  ['one of several ETags', { 'if-none-match': '"1", "3"' }, true],
  ['any ETag', { 'if-none-match': '*' }, true],
  ['another ETag, whatever the date', { 'if-none-match': '"4"', 'if-modified-since': 'Sun, 01 Mar 2026 11:00:00 GMT' }, false],
  ['the second it changed in', { 'if-modified-since': 'Sun, 01 Mar 2026 10:00:00 GMT' }, true],
  ['the second before', { 'if-modified-since': 'Sun, 01 Mar 2026 09:59:59 GMT' }, false],
  ['a date that is none', { 'if-modified-since': 'yesterday' }, false],
])('asked with %s', (_, headers, expected) => {
  expect(isNotModified(headers, representation)).toBe(expected);
});
