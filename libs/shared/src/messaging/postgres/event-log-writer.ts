import type { Database } from '../../database/index.ts';
import type { TopicDeclaration } from '../event-log.ts';
import type { Message } from '../message.ts';
import { partitionOf } from './partition-of.ts';

/** Declares topics and appends records. */
export interface EventLogWriter {
  declare(topics: readonly TopicDeclaration[]): Promise<void>;
  /** Number of partitions; rejects for a topic that nobody declared. */
  partitions(topic: string): Promise<number>;
  /** One statement, durable when it resolves. */
  append(topic: string, messages: readonly Message[]): Promise<void>;
}

const APPEND = {
  name: 'event_log.append',
  text: `
    WITH input AS (
      SELECT * FROM unnest($2::int[], $3::text[], $4::text[], $5::jsonb[], $6::text[]) WITH ORDINALITY AS i (partition, message_id, key, headers, payload, n)
    ),
    counts AS (SELECT partition, count(*) AS n FROM input GROUP BY partition),
    -- In order of partition, so that two publishers never wait for each other in a circle.
    locked AS MATERIALIZED (
      SELECT partition FROM event_log.partitions WHERE topic = $1 AND partition = ANY ($2::int[]) ORDER BY partition FOR UPDATE
    ),
    moved AS (
      UPDATE event_log.partitions p SET last = p.last + counts.n FROM counts JOIN locked USING (partition)
      WHERE p.topic = $1 AND p.partition = counts.partition
      RETURNING p.partition, p.last - counts.n AS base
    ),
    written AS (
      INSERT INTO event_log.records (topic, partition, position, message_id, key, headers, payload)
      SELECT $1, i.partition, moved.base + row_number() OVER (PARTITION BY i.partition ORDER BY i.n), i.message_id, i.key, i.headers, i.payload
      FROM input i JOIN moved USING (partition)
      RETURNING 1
    )
    SELECT count(*)::int AS written FROM written`,
};

const DECLARE = `
  WITH declared AS (SELECT * FROM unnest($1::text[], $2::int[]) AS d (name, partitions)),
  made AS (INSERT INTO event_log.topics (name, partitions) SELECT name, partitions FROM declared ON CONFLICT DO NOTHING RETURNING name, partitions)
  INSERT INTO event_log.partitions (topic, partition) SELECT name, generate_series(0, partitions - 1) FROM made`;

export function createEventLogWriter(database: Database): EventLogWriter {
  const known = new Map<string, number>();

  async function partitions(topic: string): Promise<number> {
    const found = known.get(topic);
    if (found !== undefined) return found;
    const [row] = await database.query<{ partitions: number }>('SELECT partitions FROM event_log.topics WHERE name = $1', [topic]);
    if (row === undefined) throw new Error(`topic "${topic}" was not declared`);
    known.set(topic, row.partitions);
    return row.partitions;
  }

  return {
    partitions,
    declare: async (topics) => {
      if (topics.every(({ name }) => known.has(name))) return;
      await database.query(DECLARE, [topics.map(({ name }) => name), topics.map((topic) => topic.partitions)]);
    },
    append: async (topic, messages) => {
      const count = await partitions(topic);
      if (messages.length === 0) return;
      const [row] = await database.query<{ written: number }>(APPEND, [
        topic,
        messages.map(({ key }) => partitionOf(key, count)),
        messages.map(({ id }) => id),
        messages.map(({ key }) => key),
        messages.map(({ headers }) => JSON.stringify(headers)),
        messages.map(({ payload }) => payload),
      ]);
      if (row?.written !== messages.length) throw new Error(`topic "${topic}": ${row?.written ?? 0} of ${messages.length} records were written`);
    },
  };
}
