import { isSpanContextValid, TraceFlags, type Span } from '@opentelemetry/api';

/**
 * Whether a span of this process stands for a trace that is not recorded: what happens in it is not recorded either, and the sampler need not be asked.
 * Not one that has ended, whose trace goes on, and not another process's, for which the sampler may decide otherwise.
 */
export function isUnrecorded(span: Span): boolean {
  if (span.isRecording()) return false;
  const spanContext = span.spanContext();
  return (spanContext.traceFlags & TraceFlags.SAMPLED) === 0 && spanContext.isRemote !== true && isSpanContextValid(spanContext);
}
