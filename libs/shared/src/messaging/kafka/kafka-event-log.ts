import type { Admin } from 'kafkajs';
import { KAFKA_URL_FORM, readKafkaUrl } from '../../config/kafka-url.ts';
import type { EventLog, SubscribeOptions } from '../event-log.ts';
import type { Subscription } from '../message.ts';
import { refuseTooLarge } from '../message-too-large-error.ts';
import { DRAIN_DEADLINE_MS, type MessagingDeps } from '../messaging-deps.ts';
import { readGroupLag } from './group-lag.ts';
import { createHeldConnection } from './held-connection.ts';
import { createKafkaClient, type OpenKafkaClient } from './kafka-client.ts';
import { startKafkaSubscription, type KafkaSubscription } from './kafka-subscription.ts';
import { createParkedRecords } from './parked-records.ts';
import { createPartitionReader } from './partition-reader.ts';
import { encodeMessage } from './record-codec.ts';
import { createRecordPublisher } from './record-publisher.ts';
import { createTopics } from './topics.ts';

/** Creating topics takes longest; single requests have shorter deadlines of their own. */
const ADMIN_DEADLINE_MS = 20_000;

/**
 * The event log over Kafka, for several processes: `kafka://host:port,host:port…`, or `kafka+ssl://…` (see {@link readKafkaUrl}). Durable: `publish` resolves when every replica in sync has the records.
 *
 * Topics exist by `declare` alone, each with `<topic>.dlq`. Offsets move only over handled records; a member that joins its group again begins at the committed ones. The
 * partitions of a consumer that was killed move within 10 s. Connects when it is first used; `lag` tells of all groups of the cluster that began a topic known here.
 */
export function createKafkaEventLog(url: string, deps: MessagingDeps): EventLog {
  const { logger } = deps;
  const address = readKafkaUrl(url);
  if (address === undefined) throw new Error(`EVENT_LOG_URL must be like ${KAFKA_URL_FORM}`);
  const openClient: OpenKafkaClient = () => createKafkaClient({ address, clientId: deps.clientName ?? 'doubleshot', logger });
  const admin = createHeldConnection<Admin>({ openClient, create: ({ kafka }) => kafka.admin(), deadlineMs: ADMIN_DEADLINE_MS });
  const topics = createTopics(admin);
  const publisher = createRecordPublisher(openClient);
  const parked = createParkedRecords({ admin, publisher, read: createPartitionReader(openClient, admin) });
  const subscriptions = new Set<KafkaSubscription>();
  const closing = new AbortController();
  let closed: Promise<void> | undefined;

  function refuseClosed(): void {
    if (closed !== undefined) throw new Error('the event log is closed');
  }

  async function committed(group: string, topic: string, partition: number): Promise<{ offset: number; metadata: string | null }> {
    const [offsets] = await admin.use((connection) => connection.fetchOffsets({ groupId: group, topics: [topic] }));
    const found = offsets?.partitions.find((each) => each.partition === partition);
    return { offset: Number(found?.offset ?? -1), metadata: found?.metadata ?? null };
  }

  async function subscribe({ group, topics: names, handler }: SubscribeOptions): Promise<Subscription> {
    for (const name of names) await topics.require(name);
    const running = await startKafkaSubscription({
      group,
      topics: names,
      handler,
      openClient,
      logger,
      signal: closing.signal,
      park: ({ topic, message }, attempts, reason) => parked.park({ message, source: topic, group, attempts, reason }),
      committed: (topic, partition) => committed(group, topic, partition),
      drainDeadlineMs: deps.drainDeadlineMs ?? DRAIN_DEADLINE_MS,
    });
    const subscription: KafkaSubscription = {
      ...running,
      close: async () => {
        await running.close();
        subscriptions.delete(subscription);
      },
    };
    subscriptions.add(subscription);
    // It may have been closed while we joined.
    if (closing.signal.aborted) await subscription.close();
    return subscription;
  }

  async function close(): Promise<void> {
    closing.abort();
    await Promise.all([...subscriptions].map((subscription) => subscription.close()));
    await publisher.close();
    await admin.close();
  }

  return {
    features: { system: 'kafka', durable: true, multiProcess: true },
    tracing: deps.tracing ?? 'parent-child',
    declare: async (declarations) => { await topics.declare(declarations); },
    publish: async (topic, messages) => {
      refuseClosed();
      await topics.require(topic);
      refuseTooLarge(topic, messages);
      await publisher.publish(topic, messages.map(encodeMessage));
    },
    subscribe: async (options) => {
      refuseClosed();
      return subscribe(options);
    },
    lag: () => admin.use((connection) => readGroupLag(connection, topics.known())),
    parked: async (topic, limit) => {
      await topics.require(topic);
      return parked.list(topic, limit);
    },
    replay: async (topic) => {
      await topics.require(topic);
      return parked.replay(topic);
    },
    ready: async () => {
      refuseClosed();
      if ([...subscriptions].some((subscription) => !subscription.consuming())) throw new Error('the event log is not consumed now');
      await admin.use((connection) => connection.describeCluster());
    },
    close: () => (closed ??= close()),
  };
}
