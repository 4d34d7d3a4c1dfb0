import { context, isSpanContextValid, trace, TraceFlags, type SpanContext } from '@opentelemetry/api';

/** Labels of an exemplar: at most 128 characters in all (OpenMetrics 1.0, "Exemplars"). */
export type Exemplar = Record<string, string>;

/** Names a span as the example of a measurement. Empty for one that is not recorded: its trace could not be looked up. */
export function exemplarOf(span: SpanContext | undefined): Exemplar {
  if (span === undefined || !isSpanContextValid(span) || (span.traceFlags & TraceFlags.SAMPLED) === 0) return {};
  return { trace_id: span.traceId, span_id: span.spanId };
}

/** {@link exemplarOf} the span that is active now. */
export function currentExemplar(): Exemplar {
  return exemplarOf(trace.getSpanContext(context.active()));
}
