import type { Database } from '../../database/index.ts';
import type { LogRecord } from '../held-partition.ts';

/** Where to read on in one partition. */
export interface ReadFrom {
  topic: string;
  partition: number;
  after: number;
  limit: number;
}

/** Reads behind the given positions, many partitions in one statement. */
export type ReadRecords = (from: readonly ReadFrom[]) => Promise<readonly LogRecord[]>;

interface Row {
  topic: string;
  partition: number;
  position: string;
  message_id: string;
  key: string;
  headers: Record<string, string>;
  payload: string;
}

const READ = {
  name: 'event_log.read',
  text: `
    SELECT r.* FROM unnest($1::text[], $2::int[], $3::bigint[], $4::int[]) AS f (topic, partition, after, most)
    CROSS JOIN LATERAL (
      SELECT topic, partition, position, message_id, key, headers, payload FROM event_log.records
      WHERE topic = f.topic AND partition = f.partition AND position > f.after ORDER BY position LIMIT f.most
    ) r`,
};

export function createRecordReader(database: Database): ReadRecords {
  return async (from) => {
    const column = <T>(read: (each: ReadFrom) => T): T[] => from.map(read);
    const rows = await database.query<Row>(READ, [column(({ topic }) => topic), column(({ partition }) => partition), column(({ after }) => after), column(({ limit }) => limit)]);
    return rows
      .map(({ topic, partition, position, message_id: id, key, headers, payload }) => ({ topic, partition, position: Number(position), message: { id, key, headers, payload } }))
      .sort((one, other) => one.position - other.position);
  };
}
