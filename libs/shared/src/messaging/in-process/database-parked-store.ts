import type { Database, Migration } from '../../database/database.ts';
import type { ParkedMessage } from '../message.ts';
import type { ParkedStore } from './parked-store.ts';

const SCHEMA = 'in_process';

const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-create-parked',
    sql: `
      CREATE TABLE parked (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        source text NOT NULL,
        group_name text NOT NULL,
        message_id text NOT NULL,
        key text NOT NULL,
        headers jsonb NOT NULL,
        payload text NOT NULL,
        attempts int NOT NULL,
        reason text NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        taken boolean NOT NULL DEFAULT false,
        UNIQUE (source, group_name, message_id)
      )`,
  },
];

const COLUMNS = 'source, group_name, message_id, key, headers, payload, attempts, reason, parked_at';

interface Row {
  source: string;
  group_name: string;
  message_id: string;
  key: string;
  headers: Record<string, string>;
  payload: string;
  attempts: number;
  reason: string;
  parked_at: Date;
}

/** Keeps parked messages in a schema of its own beside those of the modules. */
export function createDatabaseParkedStore(database: Database): ParkedStore {
  let declared: Promise<void> | undefined;

  async function declare(): Promise<void> {
    await database.migrate(SCHEMA, MIGRATIONS);
    await database.query('UPDATE in_process.parked SET taken = false WHERE taken');
  }

  return {
    declare: () =>
      (declared ??= declare().catch((error: unknown) => {
        declared = undefined;
        throw error;
      })),
    park: async ({ message, source, group, attempts, reason }) => {
      await database.query(
        `INSERT INTO in_process.parked (source, group_name, message_id, key, headers, payload, attempts, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (source, group_name, message_id) DO UPDATE SET attempts = excluded.attempts, reason = excluded.reason, parked_at = now(), taken = false`,
        [source, group, message.id, message.key, JSON.stringify(message.headers), message.payload, attempts, reason],
      );
    },
    list: async (source, limit) => {
      const rows = await database.query<Row>(`SELECT ${COLUMNS} FROM in_process.parked WHERE source = $1 AND NOT taken ORDER BY parked_at, id LIMIT $2`, [source, limit]);
      return rows.map(parkedOf);
    },
    counts: async () => {
      const rows = await database.query<{ source: string; count: number }>('SELECT source, count(*)::int AS count FROM in_process.parked WHERE NOT taken GROUP BY source');
      return new Map(rows.map(({ source, count }) => [source, count]));
    },
    take: async (source) => {
      const rows = await database.query<Row>(
        `WITH taken AS (UPDATE in_process.parked SET taken = true WHERE source = $1 AND NOT taken RETURNING id, ${COLUMNS}) SELECT ${COLUMNS} FROM taken ORDER BY parked_at, id`,
        [source],
      );
      return rows.map(parkedOf);
    },
    remove: async ({ source, group, message }) => {
      await database.query('DELETE FROM in_process.parked WHERE source = $1 AND group_name = $2 AND message_id = $3', [source, group, message.id]);
    },
  };
}

function parkedOf({ source, group_name: group, message_id: id, key, headers, payload, attempts, reason, parked_at: parkedAt }: Row): ParkedMessage {
  return { message: { id, key, headers, payload }, source, group, attempts, reason, parkedAt };
}
