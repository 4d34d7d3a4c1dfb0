import { expect, test } from 'vitest';
import { timeJson } from './json-time.ts';
import { recordSpans } from './testing/record-spans.ts';
import { withSpan } from './with-span.ts';

const exporter = recordSpans();
const TEXT = JSON.stringify(Array.from({ length: 10_000 }, (_, n) => n));

test('the time that JSON takes is added up on the span that is active, each way for itself, also when it is none', async () => {
  await withSpan('read', {}, () => {
    timeJson('decode', (): unknown => JSON.parse(TEXT));
    expect(() => timeJson('decode', (): unknown => JSON.parse(`${TEXT}]`))).toThrow(SyntaxError);
    timeJson('encode', () => JSON.stringify([1]));
    return Promise.resolve();
  });
  const { 'doubleshot.decode_ms': decodeMs, 'doubleshot.encode_ms': encodeMs } = exporter.getFinishedSpans()[0]?.attributes ?? {};
  expect(decodeMs).toBeGreaterThan(0);
  expect(encodeMs).toBeGreaterThanOrEqual(0);
});

test('without a span it is only done', () => {
  expect(timeJson('decode', (): unknown => JSON.parse('{"a":1}'))).toEqual({ a: 1 });
});
