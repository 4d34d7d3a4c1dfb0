import { BrewTask, EXCHANGES, OrderBrewing, OrderReady, TOPICS } from '@doubleshot/contracts';
import { SpanStatusCode } from '@opentelemetry/api';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../../../tests/setup/eventually.ts';
import { DatabaseUnavailableError } from '../database/database.ts';
import { openMetrics } from '../telemetry/open-metrics.ts';
import { recordSpans } from '../telemetry/testing/record-spans.ts';
import {
  broadcastTask,
  consumeEvents,
  consumeTasks,
  createEventLog,
  createTaskQueue,
  onEvent,
  outboxEvent,
  outboxTask,
  PoisonError,
  subscribeBroadcastTasks,
  uuidV7,
  type Delivery,
  type EventLog,
  type Message,
  type OutboxRow,
  type TaskQueue,
} from './index.ts';

const spans = recordSpans();

let lines: Record<string, unknown>[];
const logger = pino({ level: 'info' }, { write: (line: string) => { lines.push(JSON.parse(line) as Record<string, unknown>); } });
let metrics: Registry;
let eventLog: EventLog;
let taskQueue: TaskQueue;
const topic = TOPICS.orders.name;

beforeEach(async () => {
  lines = [];
  metrics = new Registry();
  eventLog = await createEventLog('in-process:', { logger, metrics, drainDeadlineMs: 200 });
  taskQueue = await createTaskQueue('in-process:', { logger, metrics, drainDeadlineMs: 200 });
  await eventLog.declare([TOPICS.orders]);
  await taskQueue.declare({
    exchanges: [EXCHANGES.brewing, EXCHANGES.live],
    queues: [{ name: 'brewing.espresso', exchange: 'brewing', bindingKey: 'espresso', retryDelaysMs: [] }],
  });
});
afterEach(() => Promise.all([eventLog.close(), taskQueue.close()]));

function messageOf({ messageId: id, key, headers, payload }: OutboxRow): Message {
  return { id, key, headers, payload };
}

function ready(version = 1): Message {
  const orderId = uuidV7();
  return messageOf(outboxEvent(OrderReady, { source: '/test', subject: orderId, data: { orderId, customerId: uuidV7(), version, at: new Date().toISOString() } }));
}

test('an event reaches its typed handler; other types of the topic are acknowledged', async () => {
  const versions: number[] = [];
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderReady, async ({ data }) => { versions.push(data.version); await Promise.resolve(); })], logger, metrics });
  const orderId = uuidV7();
  const brewing = outboxEvent(OrderBrewing, { source: '/test', subject: orderId, data: { orderId, customerId: uuidV7(), version: 9, at: new Date().toISOString() } });
  await eventLog.publish(topic, [messageOf(brewing), ready(7)]);
  expect(versions).toEqual([7]);
  expect(await eventLog.parked(topic, 10)).toEqual([]);
  expect(await metrics.metrics()).toContain(`doubleshot_messages_total{source="${topic}",type="${OrderBrewing.type}",outcome="ignored"} 1`);
});

test('the time of a message names the span it was handled in', async () => {
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderReady, () => Promise.resolve())], logger, metrics });
  await eventLog.publish(topic, [ready()]);
  const { traceId, spanId } = spans.getFinishedSpans().find(({ name }) => name === `process ${topic}`)!.spanContext();
  expect(await openMetrics(metrics)).toMatch(new RegExp(`^doubleshot_message_duration_seconds_bucket.* # \\{trace_id="${traceId}",span_id="${spanId}"\\}`, 'm'));
});

test('types that no contract names share one label, however many come', async () => {
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderReady, () => Promise.resolve())], logger, metrics });
  const event = ready();
  const invented = Array.from({ length: 1_000 }, (_, n) => ({ ...event, id: uuidV7(), key: `key-${n}`, payload: JSON.stringify({ type: `invented.${n}` }) }));
  await eventLog.publish(topic, invented);
  const text = await metrics.metrics();
  expect(text).toContain(`doubleshot_messages_total{source="${topic}",type="unknown",outcome="ignored"} 1000`);
  expect(text.match(/^doubleshot_messages_total\{/gm)).toHaveLength(1);
});

test('what is no JSON, no CloudEvent or does not match its schema is parked at once, with the reason', async () => {
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderReady, () => Promise.resolve())], logger, metrics });
  const event = ready();
  const wrong = JSON.stringify({ ...(JSON.parse(event.payload) as object), data: { orderId: 'x' } });
  await eventLog.publish(topic, ['{', '"text"', wrong].map((payload, n) => ({ ...event, id: uuidV7(), key: `key-${n}`, payload })));
  const parked = await eventLog.parked(topic, 10);
  expect(parked.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
  expect(parked.map(({ reason }) => reason).join('\n')).toMatch(/not JSON[^]*no type[^]*does not match order\.ready\.v1: data\.orderId/);
});

test('a handler that keeps failing is tried once more than there are delays, then the event is parked', async () => {
  const attempts: number[] = [];
  const fails = onEvent(OrderReady, (_event, delivery: Delivery) => {
    attempts.push(delivery.attempt);
    return Promise.reject(new Error('no milk'));
  });
  await consumeEvents({ eventLog, group: 'g', handlers: [fails], logger, metrics, retryDelaysMs: [1, 2] });
  await eventLog.publish(topic, [ready()]);
  expect(attempts).toEqual([1, 2, 3]);
  expect(await eventLog.parked(topic, 10)).toMatchObject([{ attempts: 3, reason: 'Error: no milk (gave up after 3 tries)' }]);
  expect(spans.getFinishedSpans().filter(({ name }) => name === `process ${topic}`).map(({ attributes }) => attributes['doubleshot.message.outcome'])).toEqual(['retry', 'retry', 'park']);
  expect(lines.map((line) => line['messaging.outcome'])).toEqual(['retry', 'retry', 'park']);
});

test.each([['DatabaseUnavailableError'], ['MailerUnavailableError'], ['AbortError']])('after many %s an ordinary failure still has all its tries', async (name) => {
  const errors = [...Array.from({ length: 12 }, () => Object.assign(new Error('away'), { name })), new Error('no milk')];
  const recovers = onEvent(OrderReady, () => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve() : Promise.reject(error);
  });
  await consumeEvents({ eventLog, group: 'g', handlers: [recovers], logger, metrics, retryDelaysMs: [1] });
  await eventLog.publish(topic, [ready()]);
  expect(errors).toEqual([]);
  expect(await eventLog.parked(topic, 10)).toEqual([]);
});

test('a database that is away does not use up the tries', async () => {
  let attempts = 0;
  const recovers = onEvent(OrderReady, () => (++attempts < 8 ? Promise.reject(new DatabaseUnavailableError('away')) : Promise.resolve()));
  await consumeEvents({ eventLog, group: 'g', handlers: [recovers], logger, metrics, retryDelaysMs: [1, 1, 1, 1, 1, 1, 1] });
  await eventLog.publish(topic, [ready()]);
  expect(attempts).toBe(8);
  expect(await eventLog.parked(topic, 10)).toEqual([]);
});

test('PoisonError parks a task at once', async () => {
  let attempts = 0;
  const handler = (): Promise<void> => {
    attempts += 1;
    return Promise.reject(new PoisonError('no such order'));
  };
  await consumeTasks({ taskQueue, queue: 'brewing.espresso', type: BrewTask, prefetch: 1, handler, logger, metrics });
  const orderId = uuidV7();
  const task = outboxTask(BrewTask, { source: '/test', subject: orderId, data: { orderId, station: 'espresso', drinks: 1 }, exchange: 'brewing', routingKey: 'espresso' });
  await taskQueue.send('brewing', [messageOf(task)]);
  expect(attempts).toBe(1);
  expect(await taskQueue.parked('brewing.espresso', 10)).toMatchObject([{ reason: 'PoisonError: no such order', attempts: 1 }]);
});

test('a task of another type is parked, and a queue outside the contracts needs its delays told', async () => {
  await consumeTasks({ taskQueue, queue: 'brewing.espresso', type: BrewTask, prefetch: 1, handler: () => Promise.resolve(), logger, metrics });
  await taskQueue.send('brewing', [{ ...ready(), key: 'espresso' }]);
  expect(await taskQueue.parked('brewing.espresso', 10)).toMatchObject([{ reason: `unknown type "${OrderReady.type}"` }]);
  expect(() => consumeTasks({ taskQueue, queue: 'unknown', type: BrewTask, prefetch: 1, handler: () => Promise.resolve(), logger, metrics })).toThrow('retryDelaysMs');
});

test('a retry, a dead letter and a replay are spans beside each other that say what they are', async () => {
  let tries = 0;
  const handle = (): Promise<void> => {
    tries += 1;
    if (tries > 2) return Promise.resolve();
    return Promise.reject(tries === 1 ? new Error('not yet') : new PoisonError('never'));
  };
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderReady, handle)], logger, metrics, retryDelaysMs: [1, 1] });
  await eventLog.publish(topic, [{ ...ready(), headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } }]);
  expect(await eventLog.replay(topic)).toBe(1);
  await eventually(() => spans.getFinishedSpans().length === 3, 'it was handled three times');
  const tried = spans.getFinishedSpans().map(({ attributes, status, parentSpanContext }) => [
    attributes['doubleshot.message.attempt'],
    attributes['doubleshot.message.outcome'],
    attributes['doubleshot.message.replayed'],
    attributes['error.type'],
    status.code,
    parentSpanContext?.spanId,
  ]);
  expect(tried).toEqual([
    [1, 'retry', undefined, 'Error', SpanStatusCode.ERROR, 'b7ad6b7169203331'],
    [2, 'park', undefined, 'PoisonError', SpanStatusCode.ERROR, 'b7ad6b7169203331'],
    [1, 'done', true, undefined, SpanStatusCode.UNSET, 'b7ad6b7169203331'],
  ]);
});

test('with links a message is processed in a trace of its own that links to its sender', async () => {
  const linking = await createEventLog('in-process:', { logger, metrics: new Registry(), tracing: 'links' });
  await linking.declare([TOPICS.orders]);
  await consumeEvents({ eventLog: linking, group: 'g', handlers: [onEvent(OrderReady, () => Promise.resolve())], logger, metrics });
  await linking.publish(topic, [{ ...ready(), headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } }]);
  await linking.close();
  const span = spans.getFinishedSpans().find(({ name }) => name === `process ${topic}`);
  expect(span?.spanContext().traceId).not.toBe('0af7651916cd43dd8448eb211c80319c');
  expect(span?.links.map((link) => link.context.spanId)).toEqual(['b7ad6b7169203331']);
});

test('a handled message leaves one line with what it was, how it went and how long it took', async () => {
  await consumeEvents({ eventLog, group: 'g', handlers: [onEvent(OrderReady, () => Promise.resolve())], logger, metrics });
  const event = ready();
  await eventLog.publish(topic, [event]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    'messaging.source': topic,
    'messaging.group': 'g',
    'messaging.id': event.id,
    'messaging.type': OrderReady.type,
    'messaging.attempt': 1,
    'messaging.outcome': 'done',
    'event.duration': expect.any(Number) as number,
    'order.id': event.key,
    'user.id': (JSON.parse(event.payload) as { data: { customerId: string } }).data.customerId,
  });
  expect(await metrics.metrics()).toContain('doubleshot_message_duration_seconds_count');
});

test('a broadcast task reaches its typed handler in the trace of its sender; one that throws harms nobody', async () => {
  const got: string[] = [];
  const subscribe = (handler: (id: string) => void): Promise<unknown> =>
    subscribeBroadcastTasks({ taskQueue, exchange: 'live', type: BrewTask, handler: ({ data }) => { handler(data.orderId); }, logger, metrics });
  await subscribe(() => { throw new Error('gone'); });
  await subscribe((id) => { got.push(id); });
  const orderId = uuidV7();
  await broadcastTask({ taskQueue, exchange: 'live', type: BrewTask, source: '/test', subject: orderId, data: { orderId, station: 'espresso', drinks: 1 } });
  await eventually(() => got.length === 1, 'it arrives');
  await eventually(() => spans.getFinishedSpans().filter(({ name }) => name === 'process live').length === 2, 'both are traced');
  const sent = spans.getFinishedSpans().find(({ name }) => name === 'send live');
  expect(spans.getFinishedSpans().filter(({ name }) => name === 'process live').map((span) => span.parentSpanContext?.spanId)).toEqual([sent?.spanContext().spanId, sent?.spanContext().spanId]);
});

test('an unknown scheme is refused by name', async () => {
  await expect(createEventLog('nats://x', { logger, metrics })).rejects.toThrow('nats:');
  await expect(createTaskQueue('sqs://x', { logger, metrics })).rejects.toThrow('sqs:');
});
