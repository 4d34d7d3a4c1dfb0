import type { Admin, KafkaMessage } from 'kafkajs';
import type { ParkedMessage } from '../message.ts';
import { asReplayed } from '../replayed.ts';
import type { HeldConnection } from './held-connection.ts';
import type { ReadPartition } from './partition-reader.ts';
import { decodeParked, encodeParked, encodeReplay } from './record-codec.ts';
import type { RecordPublisher } from './record-publisher.ts';
import { dlqOf } from './topics.ts';

const REPLAYED_AT_ONCE = 500;

/** `<topic>.dlq`: the records that groups gave up on, one partition, oldest first. What was replayed is deleted from it, so the topic itself says what is parked. */
export interface ParkedRecords {
  park(parked: Omit<ParkedMessage, 'parkedAt'>): Promise<void>;
  list(topic: string, limit: number): Promise<readonly ParkedMessage[]>;
  /**
   * Publishes every parked record again, for the group that parked it alone. A record is deleted after it was published: who dies between the two, or replays at the same
   * time as another, replays twice.
   */
  replay(topic: string): Promise<number>;
}

interface Reading {
  first: number;
  end: number;
  limit: number;
  records: KafkaMessage[];
}

export interface ParkedRecordsOptions {
  admin: HeldConnection<Admin>;
  publisher: RecordPublisher;
  read: ReadPartition;
}

export function createParkedRecords({ admin, publisher, read }: ParkedRecordsOptions): ParkedRecords {
  /** By topic what was read last: asked for often, it rarely changes. */
  const readings = new Map<string, Reading>();
  let replaying: Promise<unknown> = Promise.resolve();

  async function boundsOf(dlq: string): Promise<{ first: number; end: number }> {
    const [offsets] = await admin.use((connection) => connection.fetchTopicOffsets(dlq));
    return { first: Number(offsets?.low ?? 0), end: Number(offsets?.high ?? 0) };
  }

  async function oldest(topic: string, limit: number): Promise<readonly KafkaMessage[]> {
    const dlq = dlqOf(topic);
    const { first, end } = await boundsOf(dlq);
    if (first >= end) return [];
    const before = readings.get(topic);
    if (before?.first === first && before.end === end && before.limit >= limit) return before.records.slice(0, limit);
    const records = await read({ topic: dlq, before: end, limit });
    readings.set(topic, { first, end, limit, records });
    return records;
  }

  async function replay(topic: string): Promise<number> {
    const { end } = await boundsOf(dlqOf(topic));
    let count = 0;
    for (;;) {
      // What is parked while we replay may be what we replayed.
      const records = (await oldest(topic, REPLAYED_AT_ONCE)).filter(({ offset }) => Number(offset) < end);
      const last = records.at(-1);
      if (last === undefined) return count;
      await publisher.publish(topic, records.map((record) => decodeParked(record, topic)).map(({ message, group }) => encodeReplay(asReplayed(message), group)));
      await deleteUpTo(dlqOf(topic), Number(last.offset));
      readings.delete(topic);
      count += records.length;
    }
  }

  async function deleteUpTo(dlq: string, offset: number): Promise<void> {
    await admin.use(async (connection) => {
      // It deletes in topics alone whose metadata it has.
      await connection.fetchTopicOffsets(dlq);
      await connection.deleteTopicRecords({ topic: dlq, partitions: [{ partition: 0, offset: String(offset + 1) }] });
    });
  }

  return {
    park: async ({ source, ...parked }) => { await publisher.publish(dlqOf(source), [encodeParked(parked)]); },
    list: async (topic, limit) => (await oldest(topic, limit)).map((record) => decodeParked(record, topic)),
    replay: (topic) => {
      const turn = replaying.then(() => replay(topic));
      replaying = turn.catch(() => undefined);
      return turn;
    },
  };
}
