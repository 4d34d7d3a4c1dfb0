import type { Span } from '../receivers/span.ts';

export function isDatabaseSpan(span: Span): boolean {
  return span.attributes['db.system.name'] !== undefined || span.attributes['db.system'] !== undefined;
}

/** A span's name, with what HTTP clients leave out of it. */
export function shownName(span: Span): string {
  if (span.kind !== 'client' || isDatabaseSpan(span)) return span.name;
  const port = span.attributes['server.port'];
  return span.name.includes(' ') || port === undefined ? span.name : `${span.name} → upstream`;
}

/** Begin and length of a trace in milliseconds. Database statements lie within other spans, or come after all is done: they do not count. */
export function extentOf(trace: readonly Span[]): { startMs: number; durationMs: number } {
  const spans = trace.filter((span) => !isDatabaseSpan(span));
  const startMs = Math.min(...spans.map((span) => span.startMs));
  return { startMs, durationMs: Math.max(...spans.map((span) => span.startMs + span.durationMs)) - startMs };
}

/** The services that took part, in order of appearance. */
export function servicesOf(spans: readonly Span[]): string[] {
  return [...new Set(spans.toSorted((a, b) => a.startMs - b.startMs).map((span) => span.service))];
}
