import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from './logger.ts';
import { createStandardOutput } from './standard-output.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

function recording(flushSync = vi.fn()): { output: ReturnType<typeof createStandardOutput>; written: string[]; flushSync: typeof flushSync } {
  const written: string[] = [];
  return { output: createStandardOutput({ write: (batch) => void written.push(batch), flushSync }), written, flushSync };
}

test('when few lines are written, then they go out together, in order, a tenth of a second after the first', () => {
  const { output, written } = recording();
  output.write('one\n');
  vi.advanceTimersByTime(60);
  output.write('two\n');
  vi.advanceTimersByTime(39);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(written).toEqual(['one\ntwo\n']);
  output.write('three\n');
  vi.advanceTimersByTime(100);
  expect(written).toEqual(['one\ntwo\n', 'three\n']);
  expect(vi.getTimerCount()).toBe(0);
});

test('when lines are many, then they go out without waiting', () => {
  const { output, written } = recording();
  const line = `${'x'.repeat(999)}\n`;
  for (let lines = 0; lines < 100; lines += 1) output.write(line);
  expect(written.map((batch) => batch.length)).toEqual([33_000, 33_000, 33_000]);
  vi.advanceTimersByTime(100);
  expect(written.join('')).toBe(line.repeat(100));
});

test('when it is flushed, then what is held is written before it returns, and nothing twice', () => {
  const { output, written, flushSync } = recording();
  output.write('last words\n');
  output.flushSync();
  expect(written).toEqual(['last words\n']);
  expect(flushSync).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(1_000);
  expect(written).toEqual(['last words\n']);
});

test('when a fatal line is logged, then it and what was held before it are out at once', () => {
  const { output, written, flushSync } = recording();
  const logger = createLogger({ service: 'test', level: 'info', destination: output });
  logger.info('before');
  expect(written).toEqual([]);
  logger.fatal('the end');
  expect(written.join('')).toMatch(/"message":"before"[^]*"message":"the end"/);
  expect(flushSync).toHaveBeenCalledOnce();
});

test('when the reader is gone, then a flush does not throw', () => {
  const { output } = recording(vi.fn(() => { throw new Error('EPIPE'); }));
  output.write('to nobody\n');
  expect(() => { output.flushSync(); }).not.toThrow();
});
