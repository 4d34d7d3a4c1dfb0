import { context, isSpanContextValid, trace } from '@opentelemetry/api';

/** Fields that join a log line to the span that is active while it is written. */
export function traceFields(): object {
  const active = trace.getSpanContext(context.active());
  return active !== undefined && isSpanContextValid(active) ? { 'trace.id': active.traceId, 'span.id': active.spanId } : {};
}
