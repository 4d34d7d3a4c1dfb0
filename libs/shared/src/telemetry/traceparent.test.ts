import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { contextFromTraceparent, currentTraceId, currentTraceparent, linkFromTraceparent } from './traceparent.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

test('a traceparent becomes the remote parent of a context', () => {
  const remote = trace.getSpanContext(contextFromTraceparent(`00-${TRACE_ID}-${SPAN_ID}-01`));
  expect(remote).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1, isRemote: true });
  expect(linkFromTraceparent(`00-${TRACE_ID}-${SPAN_ID}-00`)?.context).toMatchObject({ traceId: TRACE_ID, traceFlags: 0 });
});

test.each([[undefined], [''], ['nonsense'], [`01-${TRACE_ID}-${SPAN_ID}-01`], [`00-${'0'.repeat(32)}-${SPAN_ID}-01`], [`00-${TRACE_ID}-${'0'.repeat(16)}-01`]])(
  'the traceparent %j stands for no parent',
  (traceparent) => {
    expect(contextFromTraceparent(traceparent)).toBe(ROOT_CONTEXT);
    expect(linkFromTraceparent(traceparent)).toBeUndefined();
  },
);

test('outside every span there is no trace', () => {
  expect(trace.getSpanContext(context.active())).toBeUndefined();
  expect([currentTraceparent(), currentTraceId()]).toEqual([undefined, undefined]);
});
