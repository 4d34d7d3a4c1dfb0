import type { Message as Raw } from 'amqplib';
import { expect, test } from 'vitest';
import type { Message } from '../message.ts';
import { KILLER_REASON, lossesOf, messageToAmqp, parkedFromAmqp, parkedToAmqp, taskFromAmqp, taskToAmqp, type OutgoingTask } from './task-message.ts';

const MESSAGE: Message = { id: 'id-1', key: 'bean', headers: { 'content-type': 'application/json', 'x-key': 'mine', traceparent: '00-1-2-01' }, payload: '{"text":"žluťoučký 𝒞"}' };
const DEATH = { count: 1, reason: 'expired', queue: 'work.retry.20', time: { '!': 'timestamp', value: 1_700_000_000 }, exchange: '', 'routing-keys': ['first.key'] };
const BROKERS = { 'x-death': [DEATH], 'x-first-death-queue': 'q', 'x-last-death-reason': 'expired', 'x-delivery-count': 3 };

/** What the broker makes of what was sent. */
function received({ content, options }: OutgoingTask, { routingKey = 'bean', brokers = {} }: { routingKey?: string; brokers?: Record<string, unknown> } = {}): Raw {
  const { messageId, headers } = options;
  const none = { contentType: undefined, contentEncoding: undefined, deliveryMode: 2, priority: undefined, correlationId: undefined, replyTo: undefined, expiration: undefined };
  const properties = { ...none, messageId, headers: { ...(headers as Record<string, unknown>), ...brokers }, timestamp: undefined, type: undefined, userId: undefined, appId: undefined, clusterId: undefined };
  return { content, fields: { deliveryTag: 1, redelivered: false, exchange: '', routingKey }, properties };
}

test('a message comes out as it went in, at its first attempt', () => {
  const outgoing = messageToAmqp(MESSAGE);
  expect(outgoing.options).toMatchObject({ messageId: 'id-1', persistent: true });
  expect(taskFromAmqp(received(outgoing))).toEqual({ message: MESSAGE, attempt: 1 });
  expect(lossesOf(received(outgoing))).toBe(0);
});

test('a task that was in other queues keeps key and attempt, and shows none of their headers', () => {
  const raw = received(taskToAmqp({ message: MESSAGE, attempt: 4 }), { routingKey: 'work', brokers: BROKERS });
  expect(taskFromAmqp(raw)).toEqual({ message: MESSAGE, attempt: 4 });
  expect(lossesOf(raw)).toBe(3);
});

test('what is sent on carries no header of the broker: it would take the way for a circle and drop the task', () => {
  const { message, attempt } = taskFromAmqp(received(taskToAmqp({ message: MESSAGE, attempt: 1 }), { brokers: BROKERS }));
  expect(Object.keys(taskToAmqp({ message, attempt }).options.headers as object).filter((name) => name.startsWith('x-death'))).toEqual([]);
});

test('a parked task has its reason, attempts and time', () => {
  const parkedAt = new Date('2026-01-02T03:04:05.678Z');
  const raw = received(parkedToAmqp({ message: MESSAGE, attempt: 3 }, 'too bitter', parkedAt), { routingKey: 'work.dead' });
  expect(parkedFromAmqp(raw, 'work', 6)).toEqual({ message: MESSAGE, source: 'work', group: 'work', attempts: 3, reason: 'too bitter', parkedAt });
});

test('a reason is cut so that it fits the frame', () => {
  const raw = received(parkedToAmqp({ message: MESSAGE, attempt: 3 }, 'x'.repeat(100_000), new Date()));
  expect(parkedFromAmqp(raw, 'work', 6).reason.length).toBeLessThan(5_000);
});

test('a task that the broker parked killed its consumers; its first key is found', () => {
  const raw = received(messageToAmqp(MESSAGE), { routingKey: 'work.dead', brokers: BROKERS });
  expect(parkedFromAmqp(raw, 'work', 6)).toEqual({
    message: { ...MESSAGE, key: 'first.key' },
    source: 'work',
    group: 'work',
    attempts: 6,
    reason: KILLER_REASON,
    parkedAt: new Date(1_700_000_000_000),
  });
});

test('what others sent without an id gets one', () => {
  const raw = received({ content: Buffer.from('hello'), options: { messageId: 'x' } });
  raw.properties.messageId = undefined;
  expect(taskFromAmqp(raw).message.id).toMatch(/^[0-9a-f-]{36}$/);
});
