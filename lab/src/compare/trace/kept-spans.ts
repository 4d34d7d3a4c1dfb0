import type { Span } from '../../receivers/span.ts';
import type { TracedSpan } from '../trace-schema.ts';

/** What the waterfall and the bill read. */
const KEPT: ReadonlySet<string> = new Set([
  'db.system', 'db.system.name', 'server.port',
  'messaging.consumer.group.name', 'messaging.destination.name', 'messaging.message.id',
  'doubleshot.message.key', 'doubleshot.brewing_ms', 'doubleshot.decode_ms', 'doubleshot.encode_ms',
]);
const MICROS_IN_MS = 1_000;

/** Spans of an order as a report keeps them: the first begins at 0, times are in whole microseconds, and statements and the like are left out. */
export function keptSpans(spans: readonly Span[]): TracedSpan[] {
  const begin = Math.min(...spans.map(({ startMs }) => startMs));
  return spans.map(({ startMs, durationMs, attributes, links, ...span }) => ({
    ...span,
    startMs: toMicros(startMs - begin),
    durationMs: toMicros(durationMs),
    attributes: Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string | number | boolean] => KEPT.has(entry[0]) && typeof entry[1] !== 'object')),
    links: links.map((link) => ({ ...link })),
  }));
}

function toMicros(ms: number): number {
  return Math.round(ms * MICROS_IN_MS) / MICROS_IN_MS;
}
