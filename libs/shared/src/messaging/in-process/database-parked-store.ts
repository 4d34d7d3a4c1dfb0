import type { Database, Migration } from '../../database/database.ts';
import type { ParkedMessage } from '../message.ts';
import { createBatches } from './batches.ts';
import { keyOf } from './parked-key.ts';
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
    park: createBatches((batch) => insert(database, batch)),
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
    remove: createBatches((batch) => remove(database, batch)),
  };
}

async function insert(database: Database, batch: readonly ParkedMessage[]): Promise<void> {
  // One statement updates a row once.
  const parked = [...new Map(batch.map((each) => [keyOf(each), each])).values()];
  const column = <T>(read: (each: ParkedMessage) => T): T[] => parked.map(read);
  await database.query(
    `INSERT INTO in_process.parked (source, group_name, message_id, key, headers, payload, attempts, reason)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::int[], $8::text[])
     ON CONFLICT (source, group_name, message_id) DO UPDATE SET attempts = excluded.attempts, reason = excluded.reason, parked_at = now(), taken = false`,
    [
      column(({ source }) => source),
      column(({ group }) => group),
      column(({ message }) => message.id),
      column(({ message }) => message.key),
      column(({ message }) => JSON.stringify(message.headers)),
      column(({ message }) => message.payload),
      column(({ attempts }) => attempts),
      // A reason may quote what the message says, and PostgreSQL's text takes everything but this.
      column(({ reason }) => reason.replaceAll('\0', '')),
    ],
  );
}

async function remove(database: Database, batch: readonly ParkedMessage[]): Promise<void> {
  await database.query(
    `DELETE FROM in_process.parked p USING unnest($1::text[], $2::text[], $3::text[]) AS handled (source, group_name, message_id)
     WHERE p.source = handled.source AND p.group_name = handled.group_name AND p.message_id = handled.message_id`,
    [batch.map(({ source }) => source), batch.map(({ group }) => group), batch.map(({ message }) => message.id)],
  );
}

function parkedOf({ source, group_name: group, message_id: id, key, headers, payload, attempts, reason, parked_at: parkedAt }: Row): ParkedMessage {
  return { message: { id, key, headers, payload }, source, group, attempts, reason, parkedAt };
}
