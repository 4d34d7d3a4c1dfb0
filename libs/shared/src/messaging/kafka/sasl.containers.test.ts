import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../../../lab/src/backends/free-port.ts';
import { docker } from '../../../../../lab/src/containers/docker.ts';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import { createRecorder, messages, unique } from '../contract/recorder.ts';
import type { EventLog } from '../event-log.ts';
import { createKafkaEventLog } from './kafka-event-log.ts';

const IMAGE = 'apache/kafka:4.1.0';
const STARTS_WITHIN_MS = 120_000;
const LONG = 180_000;
const PASSWORD = 'p@ss:word/1';
const NAME = `doubleshot-sasl-${randomBytes(4).toString('hex')}`;

let port: number;

/** Whoever comes from outside has to say who they are. */
function variables(): Record<string, string> {
  return {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: 'INSIDE://:19092,OUTSIDE://:9092,CONTROLLER://:9093',
    KAFKA_ADVERTISED_LISTENERS: `INSIDE://localhost:19092,OUTSIDE://127.0.0.1:${port}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'INSIDE:PLAINTEXT,OUTSIDE:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_HEAP_OPTS: '-Xmx256m',
    KAFKA_SASL_ENABLED_MECHANISMS: 'PLAIN,SCRAM-SHA-512',
    KAFKA_LISTENER_NAME_OUTSIDE_PLAIN_SASL_JAAS_CONFIG: `org.apache.kafka.common.security.plain.PlainLoginModule required user_shop="${PASSWORD}";`,
    KAFKA_LISTENER_NAME_OUTSIDE_SCRAM___SHA___512_SASL_JAAS_CONFIG: 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  };
}

function open(password: string, mechanism: string): EventLog {
  return createKafkaEventLog(`kafka://shop:${encodeURIComponent(password)}@127.0.0.1:${port}?sasl_mechanism=${mechanism}`, { logger: pino({ level: 'silent' }), metrics: new Registry() });
}

beforeAll(async () => {
  port = await freePort();
  const environment = Object.entries(variables()).map(([name, value]) => `--env=${name}=${value}`);
  await docker(['run', '--detach', '--rm', '--name', NAME, `--publish=127.0.0.1:${port}:9092`, ...environment, IMAGE]);
  // What kafka-configs.sh runs.
  const command = ['sh', '-c', 'java -Xmx96m -cp "/opt/kafka/libs/*" kafka.admin.ConfigCommand "$@"', 'configure', '--bootstrap-server', 'localhost:19092', '--alter', '--entity-type', 'users', '--entity-name', 'shop', '--add-config', `SCRAM-SHA-512=[password=${PASSWORD}]`];
  await eventually(() => docker(['exec', NAME, ...command]).then(() => true, () => false), 'Kafka takes a user', STARTS_WITHIN_MS);
}, LONG);
afterAll(async () => { await docker(['rm', '--force', NAME]); }, LONG);

test.each(['PLAIN', 'SCRAM-SHA-512'])('when a user proves who they are by %s, then records go in and come out', async (mechanism) => {
  const log = open(PASSWORD, mechanism);
  const topic = unique('sasl');
  const recorder = createRecorder();
  try {
    await log.declare([{ name: topic, partitions: 1 }]);
    await log.publish(topic, messages(3, String));
    await log.subscribe({ group: unique('group'), topics: [topic], handler: recorder.handler() });
    await eventually(() => recorder.distinct() === 3, 'three records are handled', STARTS_WITHIN_MS);
  } finally {
    await log.close();
  }
}, LONG);

test('when the password is wrong, then the log is not ready and says why, without the password', async () => {
  const log = open('wrong-password', 'SCRAM-SHA-512');
  try {
    const refused = await log.ready().then(() => '', String);
    expect(refused).toMatch(/authentication/i);
    expect(refused).not.toContain('wrong-password');
  } finally {
    await log.close();
  }
}, LONG);
