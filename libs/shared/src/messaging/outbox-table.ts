import { quoteIdentifier, type Database, type SqlExecutor } from '../database/index.ts';
import type { OutboxRow, OutboxTarget } from './outbox.ts';
import { LEASE_SECONDS } from './outbox-lease.ts';
import { outboxColumns } from './outbox-row.ts';

/** A row that this relay may send now. */
export interface ClaimedRow extends OutboxRow {
  id: string;
  /** A topic, or one routing key of an exchange. */
  lane: string;
  /** Tries so far, this one included. */
  attempts: number;
  /** How many processes died while they had it in flight; counted for targets whose consumers live in the relay's process. */
  deaths: number;
  writtenAt: Date;
}

export interface ClaimOptions {
  /** Rows that were confirmed: they are removed in the same statement, and hold back no later row of their key. */
  confirmed: readonly string[];
  /** Lanes to leave alone. */
  except: readonly string[];
  /** Look at this lane only. */
  only?: string;
  /** Rows whose process died more often are passed by. */
  mostDeaths: number;
  limit: number;
}

/** Bounds of `deaths`, both included; null for no bound. */
export interface ClaimSuspectsOptions {
  least: number;
  greatest: number | null;
  limit: number;
}

/** The statements of one outbox table, all prepared. */
export interface OutboxTable {
  insert(sql: SqlExecutor, rows: readonly OutboxRow[]): Promise<void>;
  /** Claims the oldest rows of each lane: of events only the oldest of a key. Rows that another relay holds are passed by. */
  claim(options: ClaimOptions): Promise<readonly ClaimedRow[]>;
  /** Claims the oldest rows whose process died so often. */
  claimSuspects(options: ClaimSuspectsOptions): Promise<readonly ClaimedRow[]>;
  /** Whether a row is there to be claimed whose process died at least so often. */
  hasSuspects(leastDeaths: number): Promise<boolean>;
  renew(ids: readonly string[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Gives a row back, to be claimed after `delayMs`. */
  release(ids: readonly string[], delayMs: number, reason: string | null): Promise<void>;
  /** Rows that go to one of `targets`. */
  depth(targets: readonly string[]): Promise<{ rows: number; oldestAgeSeconds: number }>;
}

const CLAIMED = 'id, target, destination, key, message_id, payload, headers, lane, attempts, deaths, created_at';

type ClaimRow = Omit<ClaimedRow, 'messageId' | 'writtenAt'> & { message_id: string; created_at: Date };

export interface OutboxTableOptions {
  database: Database;
  schema: string;
  /** Who claims. */
  relay: string;
  /** Targets whose consumers die with the relay. */
  mortal: readonly OutboxTarget[];
}

export function createOutboxTable({ database, schema, relay, mortal }: OutboxTableOptions): OutboxTable {
  const sql = statements(schema);
  return {
    insert: async (executor, rows) => {
      if (rows.length === 0) return;
      await executor.query(sql.insert, outboxColumns(rows));
    },
    claim: async ({ confirmed, except, only, mostDeaths, limit }) =>
      claimed(await database.query<ClaimRow>(sql.claim, [confirmed, relay, except, limit, only ?? null, mortal, mostDeaths])),
    claimSuspects: async ({ least, greatest, limit }) => claimed(await database.query<ClaimRow>(sql.claimSuspects, [relay, mortal, least, greatest, limit])),
    hasSuspects: async (leastDeaths) => (await database.query(sql.suspects, [relay, mortal, leastDeaths])).length > 0,
    renew: async (ids) => { await database.query(sql.renew, [ids, relay]); },
    remove: async (ids) => { await database.query(sql.remove, [ids]); },
    release: async (ids, delayMs, reason) => { await database.query(sql.release, [ids, relay, delayMs, reason]); },
    depth: async (targets) => {
      const [row] = await database.query<{ rows: string; age: string }>(sql.depth, [targets]);
      return { rows: Number(row?.rows ?? 0), oldestAgeSeconds: Number(row?.age ?? 0) };
    },
  };
}

function claimed(rows: readonly ClaimRow[]): ClaimedRow[] {
  return rows.map(({ message_id: messageId, created_at: writtenAt, ...row }) => ({ ...row, messageId, writtenAt })).sort((one, other) => Number(one.id) - Number(other.id));
}

function statements(schema: string): Record<'insert' | 'claim' | 'claimSuspects' | 'suspects' | 'renew' | 'remove' | 'release' | 'depth', { name: string; text: string }> {
  const table = `${quoteIdentifier(schema)}.outbox`;
  const named = (name: string, text: string): { name: string; text: string } => ({ name: `${schema}.outbox.${name}`, text });
  return {
    insert: named(
      'insert',
      `INSERT INTO ${table} (target, destination, key, message_id, payload, headers)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[])`,
    ),
    claim: named('claim', `SELECT ${CLAIMED} FROM ${quoteIdentifier(schema)}.outbox_claim($1, $2, $3, $4, $5, $6, $7)`),
    claimSuspects: named('claim_suspects', `SELECT ${CLAIMED} FROM ${quoteIdentifier(schema)}.outbox_claim_suspects($1, $2, $3, $4, $5)`),
    suspects: named('suspects', `SELECT ${quoteIdentifier(schema)}.outbox_suspects($1, $2, $3, NULL, 1)`),
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
