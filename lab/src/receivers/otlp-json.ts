import { z } from 'zod';
import type { AttributeValue, Span, SpanKind } from './span.ts';

// OTLP/HTTP with JSON encoding: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding (64-bit integers are decimal strings).
const AnyValue: z.ZodType<AnyValue> = z.lazy(() =>
  z.object({
    stringValue: z.string().optional(),
    boolValue: z.boolean().optional(),
    intValue: z.union([z.string(), z.number()]).optional(),
    doubleValue: z.number().optional(),
    arrayValue: z.object({ values: z.array(AnyValue).optional() }).optional(),
  }),
);
interface AnyValue {
  stringValue?: string | undefined;
  boolValue?: boolean | undefined;
  intValue?: string | number | undefined;
  doubleValue?: number | undefined;
  arrayValue?: { values?: AnyValue[] | undefined } | undefined;
}
const Attributes = z.array(z.object({ key: z.string(), value: AnyValue.optional() })).optional();
const UnixNano = z.union([z.string(), z.number()]);
const Link = z.object({ traceId: z.string(), spanId: z.string() });
const OtlpSpan = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.int().optional(),
  startTimeUnixNano: UnixNano,
  endTimeUnixNano: UnixNano,
  attributes: Attributes,
  links: z.array(Link).optional(),
  status: z.object({ code: z.int().optional() }).optional(),
});
const ResourceSpans = z.object({
  resource: z.object({ attributes: Attributes }).optional(),
  scopeSpans: z.array(z.object({ spans: z.array(OtlpSpan).optional() })).optional(),
});
const TraceExport = z.object({ resourceSpans: z.array(ResourceSpans).optional() });

const KINDS: readonly SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUS_ERROR = 2;

/** The spans of one export request. Throws when `body` is not one. */
export function parseTraceExport(body: unknown): Span[] {
  const spans: Span[] = [];
  for (const resourceSpans of TraceExport.parse(body).resourceSpans ?? []) {
    const service = String(attributesOf(resourceSpans.resource?.attributes)['service.name'] ?? 'unknown');
    for (const scope of resourceSpans.scopeSpans ?? []) for (const span of scope.spans ?? []) spans.push(spanOf(span, service));
  }
  return spans;
}

function spanOf(span: z.infer<typeof OtlpSpan>, service: string): Span {
  const start = BigInt(span.startTimeUnixNano);
  return {
    traceId: span.traceId.toLowerCase(),
    spanId: span.spanId.toLowerCase(),
    ...(span.parentSpanId ? { parentSpanId: span.parentSpanId.toLowerCase() } : {}),
    service,
    name: span.name,
    kind: KINDS[span.kind ?? 0] ?? 'internal',
    startMs: milliseconds(start),
    durationMs: milliseconds(BigInt(span.endTimeUnixNano) - start),
    failed: span.status?.code === STATUS_ERROR,
    attributes: attributesOf(span.attributes),
    links: (span.links ?? []).map((link) => ({ traceId: link.traceId.toLowerCase(), spanId: link.spanId.toLowerCase() })),
  };
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000n) / 1_000;
}

function attributesOf(list: z.infer<typeof Attributes>): Record<string, AttributeValue> {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, valueOf(value ?? {})]));
}

function valueOf(value: AnyValue): AttributeValue {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(valueOf);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? '';
}
