import { propagation, ROOT_CONTEXT, trace, type TextMapPropagator } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ignoreCallersTraces, takeCallersTrace } from './callers-trace.ts';
import { contextFromTraceparent } from './traceparent.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const traceContext: TextMapPropagator = {
  inject: () => undefined,
  extract: (_, carrier: Record<string, string>) => contextFromTraceparent(carrier['traceparent']),
  fields: () => ['traceparent', 'tracestate'],
};

beforeAll(() => { propagation.setGlobalPropagator(traceContext); });
afterEach(() => { ignoreCallersTraces(false); });
afterAll(() => { propagation.disable(); });

test('a caller’s trace is continued', () => {
  const headers = { traceparent: TRACEPARENT };
  const { parent, attributes } = takeCallersTrace({ headers });
  expect(trace.getSpanContext(parent)?.traceId).toBe(TRACE_ID);
  expect([headers, attributes]).toEqual([{ traceparent: TRACEPARENT }, {}]);
});

test('one that is not honoured is named only, and nobody behind reads it', () => {
  ignoreCallersTraces();
  const headers = { host: 'shop.test', traceparent: TRACEPARENT, tracestate: 'a=1' };
  expect(takeCallersTrace({ headers })).toEqual({ parent: ROOT_CONTEXT, attributes: { 'doubleshot.caller.trace_id': TRACE_ID } });
  expect(headers).toEqual({ host: 'shop.test' });
});
