import { context, isSpanContextValid, ROOT_CONTEXT, SpanKind, trace, TraceFlags, type Attributes, type Span, type Tracer } from '@opentelemetry/api';
import { isUnrecorded } from '../telemetry/is-unrecorded.ts';
import { recordError } from '../telemetry/record-error.ts';
import { contextFromTraceparent, linkFromTraceparent } from '../telemetry/traceparent.ts';
import { settleSpan } from '../telemetry/with-span.ts';
import type { Delivery } from './message.ts';
import { messageAttributes } from './message-attributes.ts';
import { isReplayed } from './replayed.ts';

/**
 * How a consumer joins the trace of a message: as child of the span that sent it, or as a trace of its own that links to it.
 */
export type MessageTracing = 'parent-child' | 'links';

/** Header that carries the W3C trace context of a message. */
export const TRACEPARENT_HEADER = 'traceparent';

const tracer = (): Tracer => trace.getTracer('@doubleshot/shared/messaging');

/** A span as a W3C `traceparent`; `undefined` for one that records nothing and continues nothing. */
export function traceparentOf(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return isSpanContextValid(span.spanContext()) ? `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')}` : undefined;
}

export interface SendSpanOptions {
  /** `messaging.system` of OpenTelemetry's semantic conventions. */
  system: string;
  destination: string;
  messageId: string;
  key: string;
}

/**
 * The span of one message on its way to a destination: PRODUCER `send <destination>`, under the active one unless told.
 * In a trace that is not recorded it is the span around it: that suffices to hand the trace on.
 */
export function startSendSpan({ system, destination, messageId, key }: SendSpanOptions, parent = context.active()): Span {
  const around = trace.getSpan(parent);
  if (around !== undefined && isUnrecorded(around)) return around;
  const span = tracer().startSpan(`send ${destination}`, { kind: SpanKind.PRODUCER }, parent);
  if (span.isRecording()) span.setAttributes(messageAttributes({ system, operation: 'send', destination, messageId, key }));
  return span;
}

export interface RelaySpans {
  /** Goes into the headers of the message. */
  traceparent: string | undefined;
  end(error?: unknown): void;
}

/** `relay` (from the moment the row was written) and in it `send <destination>`, both in the trace of the request that wrote the row. */
export function startRelaySpans(options: SendSpanOptions & { traceparent: string | undefined; writtenAt: Date; attempt: number }): RelaySpans {
  const parent = contextFromTraceparent(options.traceparent);
  const relay = tracer().startSpan('relay', { startTime: options.writtenAt }, parent);
  if (isUnrecorded(relay)) return { traceparent: traceparentOf(relay), end: () => undefined };
  relay.setAttribute('doubleshot.outbox.attempt', options.attempt);
  const send = startSendSpan(options, trace.setSpan(parent, relay));
  return {
    traceparent: traceparentOf(send),
    end: (error) => {
      if (error !== undefined) fail(send, error);
      send.end();
      relay.end();
    },
  };
}

export interface ProcessSpanOptions {
  system: string;
  /** Of a task: where it was sent. */
  exchange?: string | undefined;
  tracing: MessageTracing;
}

/** Runs `work` in the span CONSUMER `process <source>`, joined to the message's trace. A later try and a replay are spans beside the first. */
export function inProcessSpan<T>(delivery: Delivery, options: ProcessSpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const traceparent = delivery.message.headers[TRACEPARENT_HEADER];
  const isLinked = options.tracing === 'links';
  const parent = isLinked ? ROOT_CONTEXT : contextFromTraceparent(traceparent);
  const link = isLinked ? linkFromTraceparent(traceparent) : undefined;
  const span = tracer().startSpan(`process ${delivery.source}`, { kind: SpanKind.CONSUMER, ...(link !== undefined && { links: [link] }) }, parent);
  const active = trace.setSpan(parent, span);
  if (!span.isRecording()) return context.with(active, work, undefined, span);
  span.setAttributes(processAttributes(delivery, options));
  return context.with(active, () => settleSpan(span, work, fail));
}

function processAttributes({ message, source, group, attempt }: Delivery, { system, exchange }: ProcessSpanOptions): Attributes {
  return {
    ...messageAttributes({ system, operation: 'process', destination: source, exchange, messageId: message.id, key: message.key }),
    // A queue has no groups.
    ...(group !== source && { 'messaging.consumer.group.name': group }),
    'doubleshot.message.attempt': attempt,
    ...(isReplayed(message) && { 'doubleshot.message.replayed': true }),
  };
}

/** Runs work that serves nobody in particular, so that it does not go on for ever in the trace of the request that happened to wake it. */
export function outsideTraces<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, work);
}

/** Marks a span failed. */
export function fail(span: Span, error: unknown): void {
  if (error instanceof Error) span.setAttribute('error.type', error.name);
  recordError(span, error);
}
