import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';
import type { TopicDeclaration } from '../event-log.ts';
import type { HeldConnection } from './held-connection.ts';

const LEADERS_DEADLINE_MS = 15_000;
const LOOK_EVERY_MS = 50;
const MOST_REPLICAS = 3;
/** With three replicas a record is stored once two have it: one broker may be away, and none may lie. */
const MIN_INSYNC_REPLICAS = 2;

/** The topics of the log. Brokers must not create any by themselves: a typo would be one. */
export interface Topics {
  declare(topics: readonly TopicDeclaration[]): Promise<void>;
  /** Rejects unless somebody declared the topic. */
  require(topic: string): Promise<void>;
  /** Those that were declared or required here. */
  known(): readonly string[];
}

/** Where records of a topic go that a group gave up on. */
export function dlqOf(topic: string): string {
  return `${topic}.dlq`;
}

export function createTopics(admin: HeldConnection<Admin>): Topics {
  const known = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  let next: { topics: TopicDeclaration[]; created: Promise<void> } | undefined;

  /** Topics that are declared at once are created at once: each request waits for its topics to get leaders. */
  function declare(topics: readonly TopicDeclaration[]): Promise<void> {
    if (next === undefined) {
      const own: TopicDeclaration[] = [];
      const created = last.then(() => {
        next = undefined;
        return admin.use((connection) => create(connection, [...new Map(own.map((topic) => [topic.name, topic])).values()]));
      });
      next = { topics: own, created };
      last = created.catch(() => undefined);
    }
    next.topics.push(...topics);
    return next.created;
  }

  async function create(connection: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
    const existing = new Set(await connection.listTopics());
    const replicas = Math.min((await connection.describeCluster()).brokers.length, MOST_REPLICAS);
    const missing = topics.flatMap((topic) => topicAndDlq(topic, replicas)).filter(({ topic }) => !existing.has(topic));
    if (missing.length === 0) return;
    await connection.createTopics({ topics: missing, waitForLeaders: false });
    await untilLed(connection, missing.map(({ topic }) => topic));
  }

  return {
    declare: async (topics) => {
      await declare(topics);
      for (const { name } of topics) known.add(name);
    },
    require: async (topic) => {
      if (known.has(topic)) return;
      const existing = await admin.use((connection) => connection.listTopics());
      if (!existing.includes(topic)) throw new Error(`topic "${topic}" was not declared`);
      known.add(topic);
    },
    known: () => [...known],
  };
}

/** A topic that was just created is for a moment unknown to the broker, or without leaders. kafkajs waits for the latter alone. */
async function untilLed(connection: Admin, topics: string[]): Promise<void> {
  const untilMs = performance.now() + LEADERS_DEADLINE_MS;
  for (;;) {
    try {
      const metadata = await connection.fetchTopicMetadata({ topics });
      if (metadata.topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0))) return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
    }
    if (performance.now() > untilMs) throw new Error(`no leaders for ${topics.join(', ')} within ${LEADERS_DEADLINE_MS} ms`);
    await sleep(LOOK_EVERY_MS);
  }
}

function topicAndDlq({ name, partitions }: TopicDeclaration, replicas: number): ITopicConfig[] {
  const safe = replicas >= MOST_REPLICAS ? [{ name: 'min.insync.replicas', value: String(MIN_INSYNC_REPLICAS) }] : [];
  // What was parked stays until it is replayed, and in one order.
  const forEver = { name: 'retention.ms', value: '-1' };
  return [
    { topic: name, numPartitions: partitions, replicationFactor: replicas, configEntries: safe },
    { topic: dlqOf(name), numPartitions: 1, replicationFactor: replicas, configEntries: [...safe, forEver] },
  ];
}
