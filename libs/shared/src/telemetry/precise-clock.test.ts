import { TracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { startPrecisely } from './precise-clock.ts';

const precise: SpanProcessor = { onStart: startPrecisely, onEnd: () => undefined, forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() };
const exporter = new InMemorySpanExporter();
const tracer = new TracerProvider({ spanProcessors: [precise, new SimpleSpanProcessor({ exporter })] }).getTracer('test');
const msOf = ([seconds, nanoseconds]: readonly [number, number]): number => seconds * 1_000 + nanoseconds / 1e6;

test('spans that start one after another within a millisecond start one after another', () => {
  const before = Date.now();
  for (let made = 0; made < 1_000; made += 1) tracer.startSpan('x').end();
  const starts = exporter.getFinishedSpans().map(({ startTime }) => msOf(startTime));
  // A process that loses its core in the middle of a start keeps the whole millisecond.
  expect(starts.filter((start, index) => start < (starts[index - 1] ?? 0)).length).toBeLessThan(10);
  expect(new Set(starts).size).toBeGreaterThan(starts.length / 2);
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(before);
  expect(Math.max(...starts)).toBeLessThan(Date.now() + 1);
});

test('a span lasts no longer for it, and a start that was told stays', () => {
  exporter.reset();
  const span = tracer.startSpan('now');
  span.end();
  tracer.startSpan('told', { startTime: new Date(1_000) }).end();
  const [now, told] = exporter.getFinishedSpans();
  expect(msOf(now?.startTime ?? [0, 0]) + msOf(now?.duration ?? [0, 0])).toBeLessThan(Date.now() + 1);
  expect(told?.startTime).toEqual([1, 0]);
});
