import { quoteIdentifier, type Database, type SqlExecutor } from '../database/index.ts';
import type { OutboxRow } from './outbox.ts';
import { LEASE_SECONDS } from './outbox-lease.ts';

/** A row that this relay may send now. */
export interface ClaimedRow extends OutboxRow {
  id: string;
  /** A topic, or one routing key of an exchange. */
  lane: string;
  /** Tries so far, this one included. */
  attempts: number;
  writtenAt: Date;
}

export interface ClaimOptions {
  /** Rows that were confirmed: they are removed in the same statement, and hold back no later row of their key. */
  confirmed: readonly string[];
  /** Lanes to leave alone. */
  except: readonly string[];
  /** Look at this lane only. */
  only?: string;
  limit: number;
}

/** The statements of one outbox table, all prepared. */
export interface OutboxTable {
  insert(sql: SqlExecutor, rows: readonly OutboxRow[]): Promise<void>;
  /** Claims the oldest rows of each lane: of events only the oldest of a key. Rows that another relay holds are passed by. */
  claim(options: ClaimOptions): Promise<readonly ClaimedRow[]>;
  renew(ids: readonly string[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Gives a row back, to be claimed after `delayMs`. */
  release(ids: readonly string[], delayMs: number, reason: string | null): Promise<void>;
  /** Rows that go to one of `targets`. */
  depth(targets: readonly string[]): Promise<{ rows: number; oldestAgeSeconds: number }>;
}

type ClaimRow = Omit<ClaimedRow, 'messageId' | 'writtenAt'> & { message_id: string; created_at: Date };

export function createOutboxTable({ database, schema, relay }: { database: Database; schema: string; relay: string }): OutboxTable {
  const sql = statements(schema);
  return {
    insert: async (executor, rows) => {
      if (rows.length === 0) return;
      const column = <T>(read: (row: OutboxRow) => T): T[] => rows.map(read);
      await executor.query(sql.insert, [
        column((row) => row.target),
        column((row) => row.destination),
        column((row) => row.key),
        column((row) => row.messageId),
        column((row) => row.payload),
        column((row) => JSON.stringify(row.headers)),
      ]);
    },
    claim: async ({ confirmed, except, only, limit }) => {
      const rows = await database.query<ClaimRow>(sql.claim, [confirmed, relay, except, limit, only ?? null]);
      return rows
        .map(({ message_id: messageId, created_at: writtenAt, ...row }) => ({ ...row, messageId, writtenAt }))
        .sort((one, other) => Number(one.id) - Number(other.id));
    },
    renew: async (ids) => { await database.query(sql.renew, [ids, relay]); },
    remove: async (ids) => { await database.query(sql.remove, [ids]); },
    release: async (ids, delayMs, reason) => { await database.query(sql.release, [ids, relay, delayMs, reason]); },
    depth: async (targets) => {
      const [row] = await database.query<{ rows: string; age: string }>(sql.depth, [targets]);
      return { rows: Number(row?.rows ?? 0), oldestAgeSeconds: Number(row?.age ?? 0) };
    },
  };
}

function statements(schema: string): Record<'insert' | 'claim' | 'renew' | 'remove' | 'release' | 'depth', { name: string; text: string }> {
  const table = `${quoteIdentifier(schema)}.outbox`;
  const named = (name: string, text: string): { name: string; text: string } => ({ name: `${schema}.outbox.${name}`, text });
  return {
    insert: named(
      'insert',
      `INSERT INTO ${table} (target, destination, key, message_id, payload, headers)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[])`,
    ),
    claim: named('claim', `SELECT * FROM ${quoteIdentifier(schema)}.outbox_claim($1, $2, $3, $4, $5)`),
    renew: named('renew', `UPDATE ${table} SET claimed_until = now() + interval '${LEASE_SECONDS} seconds' WHERE id = ANY($1::bigint[]) AND claimed_by = $2`),
    remove: named('remove', `DELETE FROM ${table} WHERE id = ANY($1::bigint[])`),
    release: named(
      'release',
      `UPDATE ${table} SET claimed_by = NULL, claimed_until = now() + $3 * interval '1 millisecond', last_error = coalesce($4, last_error)
       WHERE id = ANY($1::bigint[]) AND claimed_by = $2`,
    ),
    depth: named(
      'depth',
      `SELECT count(*) AS rows, coalesce(extract(epoch FROM now() - min(created_at)), 0) AS age FROM ${table} WHERE target = ANY($1::text[])`,
    ),
  };
}
