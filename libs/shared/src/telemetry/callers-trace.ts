import type { IncomingMessage } from 'node:http';
import { propagation, ROOT_CONTEXT, type Attributes, type Context } from '@opentelemetry/api';

let areIgnored = false;
/** What a request says of the trace that it belongs to. */
export interface CallersTrace {
  /** To begin its span under. */
  parent: Context;
  /** To find the span by in the caller's trace, where that is not honoured. */
  attributes: Attributes;
}

const TRACE_ID = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

/**
 * From now on requests to this process begin traces of their own. For a process that strangers call: they could have all of their requests recorded whatever
 * the sampler says, or none, and write into traces of others.
 */
export function ignoreCallersTraces(ignored = true): void {
  areIgnored = ignored;
}

/** Reads the caller's trace off a request; takes off it what must not be honoured, so that nobody else does. */
export function takeCallersTrace({ headers }: Pick<IncomingMessage, 'headers'>): CallersTrace {
  if (!areIgnored) return { parent: propagation.extract(ROOT_CONTEXT, headers), attributes: {} };
  const { traceparent } = headers;
  const traceId = typeof traceparent === 'string' ? TRACE_ID.exec(traceparent)?.[1] : undefined;
  for (const name of propagation.fields()) if (name in headers) Reflect.deleteProperty(headers, name);
  return { parent: ROOT_CONTEXT, attributes: traceId === undefined ? {} : { 'doubleshot.caller.trace_id': traceId } };
}
