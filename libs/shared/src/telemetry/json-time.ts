import { trace, type Span } from '@opentelemetry/api';

/** Text into values, or values into text. */
type Direction = 'decode' | 'encode';

const spent = new WeakMap<Span, Record<Direction, number>>();

/**
 * Runs `work`, which reads or writes JSON, and adds its time to the active span as `doubleshot.decode_ms` or `doubleshot.encode_ms`.
 * Serialisation is too short and too frequent for spans of its own.
 */
export function timeJson<T>(direction: Direction, work: () => T): T {
  const span = trace.getActiveSpan();
  if (span?.isRecording() !== true) return work();
  const startedMs = performance.now();
  try {
    return work();
  } finally {
    const sums = spent.get(span) ?? { decode: 0, encode: 0 };
    sums[direction] += performance.now() - startedMs;
    spent.set(span, sums);
    span.setAttribute(`doubleshot.${direction}_ms`, sums[direction]);
  }
}
