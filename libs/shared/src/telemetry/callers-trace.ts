import type { IncomingMessage } from 'node:http';
import { propagation, type Attributes } from '@opentelemetry/api';

let areIgnored = false;
const TRACE_ID = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

/**
 * From now on requests to this process begin traces of their own. For a process that strangers call: they could have all of their requests recorded whatever
 * the sampler says, or none, and write into traces of others.
 */
export function ignoreCallersTraces(ignored = true): void {
  areIgnored = ignored;
}

/** Takes what must not be honoured off a request, before a span begins; answers the caller's trace as an attribute, by which it is still found. */
export function takeCallersTrace({ headers }: Pick<IncomingMessage, 'headers'>): Attributes {
  if (!areIgnored) return {};
  const { traceparent } = headers;
  const traceId = typeof traceparent === 'string' ? TRACE_ID.exec(traceparent)?.[1] : undefined;
  for (const name of propagation.fields()) Reflect.deleteProperty(headers, name);
  return traceId === undefined ? {} : { 'doubleshot.caller.trace_id': traceId };
}
