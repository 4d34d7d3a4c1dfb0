import { quoteIdentifier, type Database } from '../database/index.ts';
import type { ParkedView } from './message.ts';

/** What an outbox gave up on, beside its table. */
export interface OutboxParked {
  /** Takes a row out of the outbox, where it would hold back those behind it. Does nothing when another relay has claimed it since. */
  park(id: string, reason: string): Promise<void>;
  /** Oldest first; `group` is the topic or exchange that each was for. */
  list(limit: number): Promise<readonly ParkedView[]>;
  /** Puts everything back into the outbox, behind what waits there; resolves with its number. */
  replay(): Promise<number>;
  count(): Promise<number>;
}

interface Row {
  destination: string;
  key: string;
  message_id: string;
  attempts: number;
  reason: string;
  parked_at: Date;
}

export interface OutboxParkedOptions {
  database: Database;
  schema: string;
  /** Who claims. */
  relay: string;
}

export function createOutboxParked({ database, schema, relay }: OutboxParkedOptions): OutboxParked {
  const outbox = `${quoteIdentifier(schema)}.outbox`;
  const parked = `${quoteIdentifier(schema)}.outbox_parked`;
  const columns = 'target, destination, key, message_id, payload, headers';
  const source = outboxSource(schema);
  return {
    park: async (id, reason) => {
      await database.query(
        `WITH given_up AS (DELETE FROM ${outbox} WHERE id = $1 AND claimed_by = $2 RETURNING ${columns}, attempts)
         INSERT INTO ${parked} (${columns}, attempts, reason) SELECT ${columns}, attempts, $3 FROM given_up`,
        [id, relay, reason],
      );
    },
    list: async (limit) => (await database.query<Row>(`SELECT destination, key, message_id, attempts, reason, parked_at FROM ${parked} ORDER BY id LIMIT $1`, [limit])).map((row) => parkedOf(row, source)),
    replay: async () => {
      const rows = await database.query(
        `WITH replayed AS (DELETE FROM ${parked} RETURNING id, ${columns})
         INSERT INTO ${outbox} (${columns}) SELECT ${columns} FROM replayed ORDER BY id RETURNING id`,
      );
      return rows.length;
    },
    count: async () => (await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${parked}`))[0]?.count ?? 0,
  };
}

/** Under what name a module's outbox is known among topics and queues. */
export function outboxSource(schema: string): string {
  return `outbox.${schema}`;
}

function parkedOf({ destination, key, message_id: id, attempts, reason, parked_at: parkedAt }: Row, source: string): ParkedView {
  return { message: { id, key }, source, group: destination, attempts, reason, parkedAt };
}
