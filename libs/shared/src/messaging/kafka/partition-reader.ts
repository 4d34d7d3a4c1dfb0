import type { Admin, KafkaMessage } from 'kafkajs';
import { uuidV7 } from '../uuid-v7.ts';
import type { HeldConnection } from './held-connection.ts';
import type { KafkaClient, OpenKafkaClient } from './kafka-client.ts';
import { within } from '../within.ts';

/** Consumer groups of those who read and commit nothing. */
export const READER_GROUP_PREFIX = 'doubleshot-reader-';

const READ_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 2_000;
const FETCH_WAIT_MS = 200;

export interface ReadPartitionOptions {
  topic: string;
  /** Offset of the first record that is not read. */
  before: number;
  limit: number;
}

/** Reads a topic of one partition from its beginning. */
export type ReadPartition = (options: ReadPartitionOptions) => Promise<KafkaMessage[]>;

/** kafkajs reads as member of a group alone, so each reading has one of its own. */
export function createPartitionReader(openClient: OpenKafkaClient, admin: HeldConnection<Admin>): ReadPartition {
  return async (options) => {
    const client = openClient();
    const groupId = `${READER_GROUP_PREFIX}${uuidV7()}`;
    try {
      return await within(READ_DEADLINE_MS, `reading "${options.topic}"`, read(client, groupId, options));
    } finally {
      client.destroy();
      // Else the broker keeps the empty group for a while.
      admin.use((connection) => connection.deleteGroups([groupId])).catch(() => undefined);
    }
  };
}

async function read({ kafka }: KafkaClient, groupId: string, { topic, before, limit }: ReadPartitionOptions): Promise<KafkaMessage[]> {
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: FETCH_WAIT_MS, retry: { restartOnFailure: () => Promise.resolve(false) } });
  const records: KafkaMessage[] = [];
  const done = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => { done.reject(payload.error); });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ message }) => {
      const wanted = Number(message.offset) < before && records.length < limit;
      if (wanted) records.push(message);
      if (!wanted || Number(message.offset) === before - 1 || records.length === limit) done.resolve();
      return Promise.resolve();
    },
  });
  await done.promise;
  await within(STOP_DEADLINE_MS, 'leaving', consumer.disconnect()).catch(() => undefined);
  return records;
}
