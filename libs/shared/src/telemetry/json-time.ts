import { trace, type Span } from '@opentelemetry/api';

/** Text into values, or values into text. */
type Direction = 'decode' | 'encode';

const ATTRIBUTES = { decode: 'doubleshot.decode_ms', encode: 'doubleshot.encode_ms' } as const;
// On the span itself: a map of weak keys costs more than all the rest of it.
const SPENT = Symbol('doubleshot.json_ms');
type Timed = Span & { [SPENT]?: Record<Direction, number> };

/**
 * Runs `work`, which reads or writes JSON, and adds its time to the active span as `doubleshot.decode_ms` or `doubleshot.encode_ms`.
 * Serialisation is too short and too frequent for spans of its own.
 */
export function timeJson<T>(direction: Direction, work: () => T): T {
  const span: Timed | undefined = trace.getActiveSpan();
  if (span?.isRecording() !== true) return work();
  const startedMs = performance.now();
  try {
    return work();
  } finally {
    const sums = (span[SPENT] ??= { decode: 0, encode: 0 });
    sums[direction] += performance.now() - startedMs;
    span.setAttribute(ATTRIBUTES[direction], sums[direction]);
  }
}
