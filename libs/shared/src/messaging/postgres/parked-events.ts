import type { Database } from '../../database/index.ts';
import type { Message, ParkedMessage } from '../message.ts';
import { asReplayed } from '../replayed.ts';

/** `<topic>.dlq`: the records that a group gave up on. */
export interface ParkedEvents {
  /** Parks a record once, however often it is asked to. */
  park(parked: Omit<ParkedMessage, 'parkedAt'> & { partition: number }): Promise<void>;
  list(topic: string, limit: number): Promise<readonly ParkedMessage[]>;
  /** Marks every parked record of a topic for the groups that parked them. */
  requestReplay(topic: string): Promise<number>;
  /** Records of the given partitions that were asked to be replayed, oldest first. */
  toReplay(group: string, partitions: readonly { topic: string; partition: number }[]): Promise<readonly ReplayedEvent[]>;
  /** A replayed record was handled. */
  remove(id: string): Promise<void>;
  /** A replayed record failed again. */
  parkAgain(id: string, attempts: number, reason: string): Promise<void>;
}

export interface ReplayedEvent {
  id: string;
  topic: string;
  partition: number;
  message: Message;
}

const REPLAYED_AT_ONCE = 100;

interface Row {
  id: string;
  group_name: string;
  topic: string;
  partition: number;
  message_id: string;
  key: string;
  headers: Record<string, string>;
  payload: string;
  attempts: number;
  reason: string;
  parked_at: Date;
}

export function createParkedEvents(database: Database): ParkedEvents {
  return {
    park: async ({ message, source, group, attempts, reason, partition }) => {
      await database.query(
        `INSERT INTO event_log.parked (group_name, topic, partition, message_id, key, headers, payload, attempts, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
        [group, source, partition, message.id, message.key, JSON.stringify(message.headers), message.payload, attempts, reason],
      );
    },
    list: async (topic, limit) => {
      const rows = await database.query<Row>('SELECT * FROM event_log.parked WHERE topic = $1 AND NOT replaying ORDER BY parked_at, id LIMIT $2', [topic, limit]);
      return rows.map((row) => ({ message: messageOf(row), source: row.topic, group: row.group_name, attempts: row.attempts, reason: row.reason, parkedAt: row.parked_at }));
    },
    requestReplay: async (topic) => {
      const rows = await database.query('UPDATE event_log.parked SET replaying = true WHERE topic = $1 AND NOT replaying RETURNING id', [topic]);
      return rows.length;
    },
    toReplay: async (group, partitions) => {
      const rows = await database.query<Row>(
        {
          name: 'event_log.to_replay',
          text: `SELECT p.* FROM event_log.parked p JOIN unnest($2::text[], $3::int[]) AS held (topic, partition) USING (topic, partition)
                 WHERE p.group_name = $1 AND p.replaying ORDER BY p.id LIMIT ${REPLAYED_AT_ONCE}`,
        },
        [group, partitions.map(({ topic }) => topic), partitions.map(({ partition }) => partition)],
      );
      return rows.map((row) => ({ id: row.id, topic: row.topic, partition: row.partition, message: asReplayed(messageOf(row)) }));
    },
    remove: async (id) => { await database.query('DELETE FROM event_log.parked WHERE id = $1', [id]); },
    parkAgain: async (id, attempts, reason) => {
      await database.query('UPDATE event_log.parked SET replaying = false, attempts = $2, reason = $3, parked_at = now() WHERE id = $1', [id, attempts, reason]);
    },
  };
}

function messageOf({ message_id: id, key, headers, payload }: Row): Message {
  return { id, key, headers, payload };
}
