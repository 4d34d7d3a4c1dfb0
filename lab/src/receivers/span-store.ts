import type { Span } from './span.ts';

/** Spans in memory, by trace id and by a value found on some of them. */
export interface SpanStore {
  readonly received: number;
  add(spans: readonly Span[]): void;
  /** Earliest first. */
  trace(traceId: string): readonly Span[];
  /** Spans of every trace that has a span with this `value`, and of traces linked to one of those; earliest first. */
  tracesWith(value: string): readonly Span[];
  /** Every trace that is kept, the one that began to arrive first at the front; its spans earliest first. */
  all(): readonly (readonly Span[])[];
  clear(): void;
}

export interface SpanStoreOptions {
  /** Spans kept. Beyond it the trace that began to arrive first is dropped whole. */
  limit: number;
  /** The value to find a span's trace by. */
  valueOf: (span: Span) => string | undefined;
}

export function createSpanStore({ limit, valueOf }: SpanStoreOptions): SpanStore {
  const traces = new Map<string, Span[]>();
  const tracesByValue = new Map<string, Set<string>>();
  const tracesLinkedTo = new Map<string, Set<string>>();
  let kept = 0;
  let received = 0;

  const keep = (span: Span): void => {
    const spans = traces.get(span.traceId);
    if (spans === undefined) traces.set(span.traceId, [span]);
    else spans.push(span);
    const value = valueOf(span);
    if (value !== undefined) addTo(tracesByValue, value, span.traceId);
    for (const link of span.links) addTo(tracesLinkedTo, link.traceId, span.traceId);
  };
  const dropOldest = (): void => {
    const [oldest] = traces;
    if (oldest === undefined) return;
    const [traceId, spans] = oldest;
    traces.delete(traceId);
    tracesLinkedTo.delete(traceId);
    for (const span of spans) tracesByValue.delete(valueOf(span) ?? '');
    kept -= spans.length;
  };
  return {
    get received() {
      return received;
    },
    add: (spans) => {
      for (const span of spans) keep(span);
      kept += spans.length;
      received += spans.length;
      while (kept > limit) dropOldest();
    },
    trace: (traceId) => ordered(traces.get(traceId) ?? []),
    tracesWith: (value) => {
      const ids = new Set(tracesByValue.get(value) ?? []);
      // Grows while it is walked: a linked trace may have traces linked to it.
      for (const id of ids) for (const linked of tracesLinkedTo.get(id) ?? []) ids.add(linked);
      return ordered([...ids].flatMap((id) => traces.get(id) ?? []));
    },
    all: () => [...traces.values()].map(ordered),
    clear: () => {
      for (const map of [traces, tracesByValue, tracesLinkedTo]) map.clear();
      kept = 0;
      received = 0;
    },
  };
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

function ordered(spans: readonly Span[]): readonly Span[] {
  return spans.toSorted((a, b) => a.startMs - b.startMs || b.durationMs - a.durationMs);
}
