import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import { startEngines, type Engines } from '../../../../../lab/src/containers/engines.ts';
import { chunks, createRecorder, DONE, messages, unique } from '../contract/recorder.ts';
import type { EventLog } from '../event-log.ts';
import type { Message } from '../message.ts';
import { createKafkaEventLog } from './kafka-event-log.ts';

const TIMEOUT_MS = 300_000;
const CATCHES_UP_MS = 120_000;
const PARTITIONS = 6;

let engines: Engines;
let log: EventLog;

beforeAll(async () => {
  engines = await startEngines(['kafka'], { brokers: 3 });
  log = createKafkaEventLog(engines.urls.kafka, { logger: pino({ level: 'silent' }), metrics: new Registry() });
}, TIMEOUT_MS);
afterAll(async () => {
  await log.close();
  await engines.stop();
}, TIMEOUT_MS);

/** A line for each partition, as Kafka's own tool tells of it. */
async function describeTopic(topic: string): Promise<string> {
  return engines.exec('kafka-2', ['/opt/kafka/bin/kafka-topics.sh', '--bootstrap-server', 'kafka-2:19092', '--describe', '--topic', topic]);
}

/** As the relay does: one batch after the other, each again until the log has it. */
async function publishAll(topic: string, sent: readonly Message[], onBatch: (number: number) => void): Promise<void> {
  for (const [number, batch] of chunks(sent, 100).entries()) {
    onBatch(number);
    await eventually(() => log.publish(topic, batch).then(() => true, () => false), `batch ${number} is published`, CATCHES_UP_MS);
  }
}

test('10,000 records outlive one of three brokers that is killed in the middle, and those of a key keep their order', async () => {
  const topic = unique('topic');
  await log.declare([{ name: topic, partitions: PARTITIONS }]);
  const declared = await describeTopic(topic);
  expect(declared).toContain('ReplicationFactor: 3');
  expect(declared).toContain('min.insync.replicas=2');

  const handled = new Map<string, number[]>();
  const recorder = createRecorder();
  const handler = recorder.handler(({ message: { key, payload } }) => {
    handled.set(key, [...(handled.get(key) ?? []), Number(payload)]);
    return DONE;
  });
  await log.subscribe({ group: 'g', topics: [topic], handler });
  const sent = messages(10_000, (n) => `key-${n % 200}`);
  let killed: Promise<void> | undefined;
  await publishAll(topic, sent, (number) => { if (number === 50) killed = engines.kill('kafka'); });
  await killed;
  await eventually(() => recorder.missing(sent) === 0, 'all arrive while it is away', CATCHES_UP_MS);
  for (const [key, numbers] of handled) {
    const firsts = [...new Set(numbers)];
    expect(firsts, key).toEqual(firsts.toSorted((one, two) => one - two));
  }

  await engines.start('kafka');
  const inSync = async (): Promise<number> => (await describeTopic(topic)).split('\n').filter((line) => /Isr: \d,\d,\d\b/.test(line)).length;
  await eventually(async () => (await inSync()) === PARTITIONS, 'it has caught up', CATCHES_UP_MS);
}, TIMEOUT_MS);
