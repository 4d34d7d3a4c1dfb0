import { context, INVALID_TRACEID, SpanKind, trace, type Attributes, type Context, type Link, type Span } from '@opentelemetry/api';
import { PROBLEMS } from '@doubleshot/contracts';
import { errorCode, isProblemError } from '../errors/error-code.ts';
import { isUnrecorded } from './is-unrecorded.ts';
import { recordError } from './record-error.ts';

export { SpanKind };
export type { Attributes, Context, Link, Span };

export interface SpanOptions {
  /** INTERNAL unless told. */
  kind?: SpanKind;
  attributes?: Attributes;
  /** The context to hang the span under: the active one unless told. */
  parent?: Context;
  links?: readonly Link[];
}

/** Instrumentation scope of our own spans. */
export const TRACER = 'doubleshot';
const FIRST_SERVER_FAULT = 500;

/**
 * Runs `work` inside a span that ends when `work` settles, and settles like it.
 * A rejection marks the span as failed, except for problems that are the client's own (status below 500): those only set `error.type`.
 * Without telemetry it only runs `work`, in the parent context; so it does, with the span of that context, in a trace that is not recorded.
 */
export async function withSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const parent = options.parent ?? context.active();
  const around = trace.getSpan(parent);
  if (around !== undefined && isUnrecorded(around)) return options.parent === undefined ? work(around) : context.with(parent, work, undefined, around);
  const span = startSpan(name, options, parent);
  return isTraced(span) ? context.with(trace.setSpan(parent, span), () => settleSpan(span, work)) : context.with(parent, work, undefined, span);
}

/**
 * {@link withSpan} for work that ends in another program: it makes no spans and logs nothing. The span is not active meanwhile, which saves a context and
 * a closure for every statement.
 */
export function withLeafSpan<T>(name: string, options: Omit<SpanOptions, 'parent'>, work: () => Promise<T>): Promise<T> {
  return settleSpan(startSpan(name, options, context.active()), work);
}

/** Whether anybody traces: without telemetry there is nothing to hand on. */
export function isTraced(span: Span): boolean {
  return span.spanContext().traceId !== INVALID_TRACEID;
}

function startSpan(name: string, { kind, attributes, links }: SpanOptions, parent: Context): Span {
  const span = trace.getTracer(TRACER).startSpan(name, { ...(kind !== undefined && { kind }), ...(links !== undefined && { links: [...links] }) }, parent);
  // Given to `startSpan` they are looked through once more, and also where nothing is recorded.
  if (attributes !== undefined && span.isRecording()) span.setAttributes(attributes);
  return span;
}

/** Runs `work` and ends its span, which says how it failed. */
export async function settleSpan<T>(span: Span, work: (span: Span) => Promise<T>, onFailure: (span: Span, error: unknown) => void = recordFailure): Promise<T> {
  try {
    return await work(span);
  } catch (error) {
    onFailure(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function recordFailure(span: Span, error: unknown): void {
  span.setAttribute('error.type', errorCode(error) ?? (error instanceof Error ? error.name : 'unknown'));
  if (isProblemError(error) && PROBLEMS[error.code].status < FIRST_SERVER_FAULT) return;
  recordError(span, error);
}
