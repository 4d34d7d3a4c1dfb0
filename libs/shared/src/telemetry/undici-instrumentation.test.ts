import { channel } from 'node:diagnostics_channel';
import { propagation, trace, type TextMapPropagator } from '@opentelemetry/api';
import type { UndiciInstrumentation, UndiciRequest } from '@opentelemetry/instrumentation-undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordSpans } from './testing/record-spans.ts';
import { contextFromTraceparent, currentTraceparent } from './traceparent.ts';
import { createUndiciInstrumentation } from './undici-instrumentation.ts';
import { withSpan } from './with-span.ts';

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';
const exporter = recordSpans();
const traceContext: TextMapPropagator = {
  inject: (context, carrier, { set }) => {
    const span = trace.getSpanContext(context);
    if (span !== undefined && trace.isSpanContextValid(span)) set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`);
  },
  extract: (context) => context,
  fields: () => ['traceparent'],
};

let instrumentation: UndiciInstrumentation;
beforeAll(() => {
  propagation.setGlobalPropagator(traceContext);
  instrumentation = createUndiciInstrumentation();
  instrumentation.setTracerProvider(trace.getTracerProvider());
});
afterAll(() => {
  instrumentation.disable();
  propagation.disable();
});

/** What undici says of an exchange, from its beginning to its end. Answers the headers that were added. */
function exchange(path: string): Record<string, string> {
  const added: Record<string, string> = {};
  const request: Partial<UndiciRequest> = { method: 'GET', origin: 'http://orders.test:8080', path, headers: ['user-agent', 'ada@customers.example'], addHeader: (name, value) => { added[name] = value; } };
  channel('undici:request:create').publish({ request });
  channel('undici:client:sendHeaders').publish({ request, socket: { remoteAddress: '10.0.0.2', remotePort: 8_080 } });
  channel('undici:request:headers').publish({ request, response: { headers: [], statusCode: 200 } });
  channel('undici:request:trailers').publish({ request });
  return added;
}

test('the span of an exchange has neither a query nor an address of somebody', async () => {
  await withSpan('request', {}, () => Promise.resolve(exchange('/api/v1/users/ada%40customers.example?token=hunter2')));
  const [span] = exporter.getFinishedSpans();
  expect(span?.attributes).toMatchObject({ 'url.full': 'http://orders.test:8080/api/v1/users/[redacted]', 'url.path': '/api/v1/users/[redacted]', 'http.response.status_code': 200 });
  expect(span?.attributes).not.toHaveProperty('url.query');
  expect(JSON.stringify(span?.attributes)).not.toMatch(/hunter2|ada/);
});

test('without a query it has the whole of the path', async () => {
  await withSpan('request', {}, () => Promise.resolve(exchange('/api/v1/menu')));
  expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({ 'url.full': 'http://orders.test:8080/api/v1/menu', 'url.path': '/api/v1/menu' });
});

test('of what is not recorded the other side is told, without a span in between', async () => {
  await withSpan('request', { parent: contextFromTraceparent(`${CALLER}-00`) }, () => {
    const here = currentTraceparent();
    expect(here).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-.*-00$/);
    expect(exchange('/api/v1/menu?a=1')).toEqual({ traceparent: here });
    return Promise.resolve();
  });
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test('outside every span nobody is told anything', () => {
  expect(exchange('/api/v1/menu')).toEqual({});
  expect(exporter.getFinishedSpans()).toEqual([]);
});
