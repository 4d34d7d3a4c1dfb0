import { z } from 'zod';
import type { AttributeValue, Span, SpanKind } from './span.ts';

// What Jaeger's query service answers under /api/traces (internal/uimodel/model.go of jaegertracing/jaeger): microseconds, tags with types, processes by name.
const Tag = z.object({ key: z.string(), value: z.unknown() });
const Reference = z.object({ refType: z.enum(['CHILD_OF', 'FOLLOWS_FROM']), traceID: z.string(), spanID: z.string() });
const JaegerSpan = z.object({
  traceID: z.string(),
  spanID: z.string(),
  operationName: z.string(),
  references: z.array(Reference).nullish(),
  startTime: z.number(),
  duration: z.number(),
  tags: z.array(Tag).nullish(),
  processID: z.string(),
});
const Trace = z.object({ spans: z.array(JaegerSpan), processes: z.record(z.string(), z.object({ serviceName: z.string() })) });
const Answer = z.object({ data: z.array(Trace).nullish() });

const KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer'];
/** Tags in which Jaeger keeps what OTLP has fields for. */
const FIELDS = /^(?:span\.kind|error|internal\.span\.format|otel\..+)$/;
const US_PER_MS = 1_000;

/** The spans of an answer to a search. Throws when it is none. */
export function parseJaegerTraces(body: unknown): Span[] {
  return (Answer.parse(body).data ?? []).flatMap(({ spans, processes }) => spans.map((span) => spanOf(span, processes[span.processID]?.serviceName ?? 'unknown')));
}

function spanOf(span: z.infer<typeof JaegerSpan>, service: string): Span {
  const tags = new Map((span.tags ?? []).map(({ key, value }) => [key, value]));
  const references = span.references ?? [];
  const parent = references.find(({ refType, traceID }) => refType === 'CHILD_OF' && traceID === span.traceID);
  return {
    traceId: span.traceID,
    spanId: span.spanID,
    ...(parent !== undefined && { parentSpanId: parent.spanID }),
    service,
    name: span.operationName,
    kind: KINDS.find((kind) => kind === tags.get('span.kind')) ?? 'internal',
    startMs: span.startTime / US_PER_MS,
    durationMs: span.duration / US_PER_MS,
    failed: tags.get('otel.status_code') === 'ERROR' || tags.get('error') === true,
    attributes: Object.fromEntries([...tags].filter(([key]) => !FIELDS.test(key)).map(([key, value]) => [key, valueOf(value)])),
    links: references.filter((reference) => reference !== parent).map(({ traceID, spanID }) => ({ traceId: traceID, spanId: spanID })),
  };
}

function valueOf(value: unknown): AttributeValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);
}
