import { AsyncResource } from 'node:async_hooks';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { ProblemError } from '../errors/problem-error.ts';
import { createLogger } from '../logging/logger.ts';
import { recordSpans } from './testing/record-spans.ts';
import { contextFromTraceparent, currentTraceId, currentTraceparent, linkFromTraceparent } from './traceparent.ts';
import { withLeafSpan, withSpan } from './with-span.ts';

const REMOTE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const NOT_SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
const exporter = recordSpans();

test('a span surrounds its work, and spans inside hang under it', async () => {
  const answer = await withSpan('place order', { attributes: { items: 2 } }, async (outer) => {
    expect(currentTraceparent()).toBe(`00-${outer.spanContext().traceId}-${outer.spanContext().spanId}-01`);
    return withSpan('relay', { kind: SpanKind.PRODUCER }, () => Promise.resolve(currentTraceId()));
  });
  const [inner, outer] = exporter.getFinishedSpans();
  expect([outer?.name, outer?.attributes, inner?.name, inner?.kind]).toEqual(['place order', { items: 2 }, 'relay', SpanKind.PRODUCER]);
  expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  expect(answer).toBe(outer?.spanContext().traceId);
});

test('a leaf hangs under what asked for it, is not active meanwhile, and fails with its work', async () => {
  await withSpan('place order', {}, async (outer) => {
    expect(await withLeafSpan('orders.place', { kind: SpanKind.CLIENT }, () => Promise.resolve(currentTraceparent()))).toContain(outer.spanContext().spanId);
    await expect(withLeafSpan('orders.find', {}, () => Promise.reject(new RangeError('gone')))).rejects.toThrow('gone');
  });
  const [placed, failed, outer] = exporter.getFinishedSpans();
  expect(placed).toMatchObject({ name: 'orders.place', kind: SpanKind.CLIENT, parentSpanContext: { spanId: outer?.spanContext().spanId } });
  expect(failed).toMatchObject({ name: 'orders.find', status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'RangeError' } });
});

test('a remote parent and links are taken over', async () => {
  const link = linkFromTraceparent(REMOTE);
  await withSpan('brew', { parent: contextFromTraceparent(REMOTE), links: link ? [link] : [] }, () => Promise.resolve());
  const [span] = exporter.getFinishedSpans();
  expect(span?.parentSpanContext).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' });
  expect(span?.links).toHaveLength(1);
});

test('in a trace that is not recorded there is one span that is not its caller’s, and work inside it runs in that', async () => {
  await withSpan('request', { parent: contextFromTraceparent(NOT_SAMPLED) }, async (outer) => {
    expect(outer.spanContext()).toMatchObject({ traceId: NOT_SAMPLED.slice(3, 35), traceFlags: 0 });
    expect(outer.spanContext().spanId).not.toBe(NOT_SAMPLED.slice(36, 52));
    expect(await withSpan('place order', { attributes: { items: 2 } }, (inner) => Promise.resolve([inner, currentTraceparent()]))).toEqual([outer, `00-${outer.spanContext().traceId}-${outer.spanContext().spanId}-00`]);
    await expect(withSpan('brew', {}, () => Promise.reject(new RangeError('boiled over')))).rejects.toThrow('boiled over');
  });
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test('what a recorded span leaves behind it is recorded', async () => {
  const later = await withSpan('request', {}, () => Promise.resolve(AsyncResource.bind(() => withSpan('brew', {}, () => Promise.resolve()))));
  await later();
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['request', 'brew']);
});

test('a fault marks the span and is passed on; a problem of the client is none', async () => {
  await expect(withSpan('brew', {}, () => Promise.reject(new RangeError('boiled over')))).rejects.toThrow('boiled over');
  await expect(withSpan('place order', {}, () => Promise.reject(new ProblemError('out_of_stock')))).rejects.toThrow();
  await expect(withSpan('place order', {}, () => Promise.reject(new ProblemError('unavailable')))).rejects.toThrow();
  const seen = exporter.getFinishedSpans().map(({ status, attributes }) => [status.code, attributes['error.type']]);
  expect(seen).toEqual([
    [SpanStatusCode.ERROR, 'RangeError'],
    [SpanStatusCode.UNSET, 'out_of_stock'],
    [SpanStatusCode.ERROR, 'unavailable'],
  ]);
});

test('the error that a span tells names nobody', async () => {
  const refused = Object.assign(new Error('550 <ada@customers.example> is unknown'), { code: 'EENVELOPE' });
  await expect(withSpan('send email', {}, () => Promise.reject(refused))).rejects.toBe(refused);
  const [span] = exporter.getFinishedSpans();
  expect(span?.status.message).toBe('550 <[redacted]> is unknown');
  expect(span?.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'EENVELOPE', 'exception.message': '550 <[redacted]> is unknown', 'exception.stacktrace': expect.stringContaining('with-span.test.ts') as string } }]);
  expect(JSON.stringify(span?.events)).not.toContain('ada@');
});

test('a log line inside a span names it', async () => {
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } });
  logger.info('outside');
  await withSpan('brew', {}, (span) => {
    logger.child({ a: 1 }).info('inside');
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ 'trace.id': span.spanContext().traceId, 'span.id': span.spanContext().spanId });
    return Promise.resolve();
  });
  expect(lines[0]).not.toContain('trace.id');
});
