import { ConfigResourceTypes } from 'kafkajs';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import { engine } from '../../../../../tests/setup/engine.ts';
import { createRecorder, message, unique, type Recorder } from '../contract/recorder.ts';
import type { EventLog } from '../event-log.ts';
import { createKafkaClient } from './kafka-client.ts';
import { createKafkaEventLog } from './kafka-event-log.ts';

/** By then a caller has its answer. */
const ANSWERED_WITHIN_MS = 10_000;
const IDLE_MS = 2_000;
const kafka = engine('kafka');

let log: EventLog;
let topic: string;
let recorder: Recorder;

beforeEach(async () => {
  log = createKafkaEventLog(kafka.url, { logger: pino({ level: 'silent' }), metrics: new Registry(), drainDeadlineMs: 1_000 });
  topic = unique('topic');
  await log.declare([{ name: topic, partitions: 4 }]);
  recorder = createRecorder();
  await log.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
  await log.publish(topic, [message('a', 'before')]);
  await eventually(() => recorder.distinct() === 1, 'the first arrives');
});

afterEach(() => log.close());

async function untilPublishedAndHandled(payload: string): Promise<void> {
  const sent = message('a', payload);
  await eventually(() => log.publish(topic, [sent]).then(() => true, () => false), 'it is published by itself', 60_000);
  await eventually(() => recorder.missing([sent]) === 0, 'it is consumed by itself', 60_000);
  await eventually(() => log.ready().then(() => true, () => false), 'the log is ready again');
}

test('while the broker is dead publishing rejects in bounded time and the log is not ready; when it is back all goes on', { timeout: 240_000 }, async () => {
  await kafka.kill();
  try {
    const startedMs = performance.now();
    await expect(log.publish(topic, [message('a', 'dead')])).rejects.toThrow();
    expect(performance.now() - startedMs).toBeLessThan(ANSWERED_WITHIN_MS);
    await eventually(() => log.ready().then(() => false, () => true), 'the log is not ready');
    const lone = createKafkaEventLog(kafka.url, { logger: pino({ level: 'silent' }), metrics: new Registry() });
    await expect(lone.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() })).rejects.toThrow();
    await lone.close();
  } finally {
    await kafka.start();
  }
  await untilPublishedAndHandled('after death');
});

test('while the broker is frozen publishing rejects in bounded time, also for those who wait behind; when it thaws all goes on', { timeout: 180_000 }, async () => {
  await kafka.freeze();
  try {
    const startedMs = performance.now();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, (_, n) => log.publish(topic, [message(`key-${n}`, 'frozen')])));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(ANSWERED_WITHIN_MS);
    await expect(log.ready()).rejects.toThrow();
    // Longer than the session, so that the group has to be joined anew.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
  } finally {
    await kafka.thaw();
  }
  await untilPublishedAndHandled('after frost');
});

test('closing while the broker is frozen is bounded', async () => {
  await kafka.freeze();
  try {
    await log.close();
  } finally {
    await kafka.thaw();
  }
});

test('clients that have nothing to do wake up rarely, and never ask for a time that has passed', async () => {
  const setTimer = vi.spyOn(globalThis, 'setTimeout');
  try {
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const delays = setTimer.mock.calls.map(([, delayMs]) => delayMs ?? 0);
    expect(delays.filter((delayMs) => delayMs < 0)).toEqual([]);
    expect(delays.length).toBeLessThan(IDLE_MS / 20);
  } finally {
    setTimer.mockRestore();
  }
});

test('a message that is too large is refused alone', async () => {
  const small = Array.from({ length: 20 }, (_, n) => message(`key-${n}`, 'small'));
  const [tooLarge, ...others] = await Promise.allSettled([log.publish(topic, [message('a', 'x'.repeat(1_100_000))]), ...small.map((each) => log.publish(topic, [each]))]);
  expect(tooLarge).toMatchObject({ status: 'rejected', reason: { name: 'MessageTooLargeError' } });
  expect(others.every(({ status }) => status === 'fulfilled')).toBe(true);
  const large = message('a', 'x'.repeat(950_000));
  await log.publish(topic, [large, ...Array.from({ length: 30 }, () => message('a', 'y'.repeat(90_000)))]);
  await eventually(() => recorder.distinct() === 52, 'all that fit arrive, together more than one request takes');
});

test('a message that is too large for a topic with a limit of its own is refused as such', async () => {
  const { kafka: client, destroy } = createKafkaClient({ address: { brokers: [new URL(kafka.url).host], tls: false }, clientId: 'test', logger: pino({ level: 'silent' }) });
  const admin = client.admin();
  await admin.connect();
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name: 'max.message.bytes', value: '20000' }] }] });
  await admin.disconnect();
  destroy();
  const fits = message('a', 'fits');
  const [tooLarge, other] = await Promise.allSettled([log.publish(topic, [message('a', 'x'.repeat(30_000))]), log.publish(topic, [fits])]);
  expect(tooLarge).toMatchObject({ status: 'rejected', reason: { name: 'MessageTooLargeError' } });
  expect(other.status).toBe('fulfilled');
  await eventually(() => recorder.missing([fits]) === 0, 'what fits arrives');
});
