import { context, trace, type Attributes } from '@opentelemetry/api';
import { AlwaysOnSampler, ParentBasedSampler, type Sampler } from '@opentelemetry/sdk-trace';
import { beforeEach, expect, test } from 'vitest';
import { recordSpans } from '../telemetry/testing/record-spans.ts';
import { contextFromTraceparent, currentTraceparent } from '../telemetry/traceparent.ts';
import { inProcessSpan, startRelaySpans, startSendSpan, traceparentOf } from './tracing.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c';
const SAMPLED = `${TRACE}-b7ad6b7169203331-01`;
const NOT_SAMPLED = `${TRACE}-b7ad6b7169203331-00`;
const MESSAGE = { system: 'kafka', destination: 'orders.v1', messageId: 'm1', key: 'k1' };
const DELIVERY = { source: 'orders.v1', group: 'g', attempt: 2, signal: new AbortController().signal };

let asked: [name: string, attributes: Attributes][] = [];
const standard = new ParentBasedSampler({ root: new AlwaysOnSampler() });
const counting: Sampler = {
  shouldSample: (...about) => {
    asked.push([about[2], about[4]]);
    return standard.shouldSample(...about);
  },
};
const exporter = recordSpans(counting);
beforeEach(() => { asked = []; });

function relay(traceparent: string): { traceparent: string | undefined } {
  const spans = startRelaySpans({ ...MESSAGE, traceparent, writtenAt: new Date(1_000), attempt: 3 });
  spans.end(new Error('amqp://shop:hunter2@rabbitmq is away'));
  return spans;
}

function deliver<T>(traceparent: string, work: () => Promise<T>): Promise<T> {
  return inProcessSpan({ ...DELIVERY, message: { id: 'm1', key: 'k1', payload: '', headers: { traceparent } } }, { system: 'kafka', tracing: 'parent-child' }, work);
}

test('a recorded message is relayed, sent and processed in spans that say what it is', async () => {
  const { traceparent } = relay(SAMPLED);
  const [send, relayed] = exporter.getFinishedSpans();
  expect(traceparent).toBe(`${TRACE}-${String(send?.spanContext().spanId)}-01`);
  expect(send).toMatchObject({ name: 'send orders.v1', parentSpanContext: { spanId: relayed?.spanContext().spanId }, attributes: { 'messaging.operation.type': 'send', 'messaging.message.id': 'm1', 'error.type': 'Error' } });
  expect(relayed).toMatchObject({ name: 'relay', startTime: [1, 0], parentSpanContext: { spanId: 'b7ad6b7169203331' }, attributes: { 'doubleshot.outbox.attempt': 3 } });
  expect([send?.status.message, send?.events[0]?.attributes?.['exception.message']]).toEqual(Array(2).fill('amqp://[redacted]@rabbitmq is away'));
  await deliver(traceparent ?? '', () => Promise.resolve());
  expect(exporter.getFinishedSpans()[2]?.attributes).toMatchObject({ 'messaging.operation.type': 'process', 'messaging.consumer.group.name': 'g', 'doubleshot.message.attempt': 2 });
});

test('one that is not recorded keeps its trace all the same; one span each way stands for it, of which nothing is put together', async () => {
  const { traceparent = '' } = relay(NOT_SAMPLED);
  expect(traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
  expect(traceparent).not.toBe(NOT_SAMPLED);
  const broadcast = await deliver(traceparent, () => Promise.resolve([currentTraceparent(), traceparentOf(startSendSpan(MESSAGE))]));
  expect(broadcast[0]).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
  expect(broadcast[1]).toBe(broadcast[0]);
  await expect(deliver(traceparent, () => Promise.reject(new Error('not yet')))).rejects.toThrow('not yet');
  expect(asked).toEqual([['relay', {}], ['process orders.v1', {}], ['process orders.v1', {}]]);
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test('a caller’s decision is asked about, and what a recorded span sends after its end is recorded', () => {
  startSendSpan(MESSAGE, contextFromTraceparent(NOT_SAMPLED)).end();
  expect(asked).toHaveLength(1);
  const ended = trace.getTracer('test').startSpan('request');
  ended.end();
  startSendSpan(MESSAGE, trace.setSpan(context.active(), ended)).end();
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['request', 'send orders.v1']);
});
