import { context, isSpanContextValid, ROOT_CONTEXT, trace, TraceFlags, type Context, type Link, type SpanContext } from '@opentelemetry/api';

/** W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The span that is active now as a `traceparent` header, or `undefined` outside every span. */
export function currentTraceparent(): string | undefined {
  const active = activeSpanContext();
  return active && `00-${active.traceId}-${active.spanId}-${(active.traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')}`;
}

/** The id of the active trace in hexadecimal, or `undefined` outside every span. */
export function currentTraceId(): string | undefined {
  return activeSpanContext()?.traceId;
}

/** A context whose active span is the remote one; the root context when `traceparent` is missing or not valid. */
export function contextFromTraceparent(traceparent: string | undefined): Context {
  const remote = parseTraceparent(traceparent);
  return remote === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote);
}

/** A link to a remote span, or `undefined` when `traceparent` is missing or not valid. */
export function linkFromTraceparent(traceparent: string | undefined): Link | undefined {
  const remote = parseTraceparent(traceparent);
  return remote && { context: remote };
}

function parseTraceparent(traceparent: string | undefined): SpanContext | undefined {
  const match = TRACEPARENT.exec(traceparent ?? '');
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return undefined;
  const remote = { traceId: match[1], spanId: match[2], traceFlags: Number.parseInt(match[3], 16), isRemote: true };
  return isSpanContextValid(remote) ? remote : undefined;
}

function activeSpanContext(): SpanContext | undefined {
  const active = trace.getSpanContext(context.active());
  return active !== undefined && isSpanContextValid(active) ? active : undefined;
}
