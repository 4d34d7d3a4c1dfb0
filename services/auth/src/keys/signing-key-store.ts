import type { Database, SqlExecutor } from '@doubleshot/shared/database';
import type { JWK } from 'jose';
import type { ScheduledKey } from './key-schedule.ts';

/** A row of `auth.signing_keys`. */
export interface StoredKey extends ScheduledKey {
  publicJwk: JWK;
  sealedPrivateKey: Buffer;
}

export interface StoredKeys {
  keys: readonly StoredKey[];
  /** The database's clock when they were read. */
  nowMs: number;
}

interface KeyRow {
  kid: string;
  algorithm: string;
  public_jwk: JWK;
  sealed_private_key: Buffer;
  signs_from_ms: number;
  token_ttl_seconds: number;
}

const READ_KEYS = `
  SELECT kid, algorithm, public_jwk, sealed_private_key, token_ttl_seconds,
         (extract(epoch FROM signs_from) * 1000)::float8 AS signs_from_ms
  FROM auth.signing_keys`;

/** All keys, public and sealed. */
export async function readKeys(sql: SqlExecutor): Promise<StoredKeys> {
  const nowMs = await databaseClockMs(sql);
  const rows = await sql.query<KeyRow>({ name: 'auth-read-keys', text: READ_KEYS });
  return { nowMs, keys: rows.map(storedKey) };
}

/**
 * Runs `change` with the keys as they are, while no other process can change them. Several processes that start at once so share one first key.
 */
export function changeKeys(database: Database, change: (sql: SqlExecutor, stored: StoredKeys) => Promise<void>): Promise<void> {
  return database.transaction(async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', ['doubleshot auth signing keys']);
    await change(transaction, await readKeys(transaction));
  });
}

export async function insertKey(sql: SqlExecutor, key: StoredKey): Promise<void> {
  await sql.query(
    `INSERT INTO auth.signing_keys (kid, algorithm, public_jwk, sealed_private_key, signs_from, token_ttl_seconds)
     VALUES ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), $6)`,
    [key.kid, key.algorithm, JSON.stringify(key.publicJwk), key.sealedPrivateKey, key.signsFromMs, Math.ceil(key.tokenTtlMs / 1000)],
  );
}

/** Remembers that every key may from now on sign tokens that live this long; never shortens. */
export async function lengthenTokenTtl(sql: SqlExecutor, ttlSeconds: number): Promise<void> {
  await sql.query('UPDATE auth.signing_keys SET token_ttl_seconds = $1 WHERE token_ttl_seconds < $1', [ttlSeconds]);
}

export async function deleteKeys(sql: SqlExecutor, kids: readonly string[]): Promise<void> {
  await sql.query('DELETE FROM auth.signing_keys WHERE kid = ANY($1)', [kids]);
}

async function databaseClockMs(sql: SqlExecutor): Promise<number> {
  const [row] = await sql.query<{ now_ms: number }>({
    name: 'auth-clock',
    text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms',
  });
  if (row === undefined) throw new Error('the database told no time');
  return row.now_ms;
}

function storedKey(row: KeyRow): StoredKey {
  return {
    kid: row.kid,
    algorithm: row.algorithm,
    publicJwk: row.public_jwk,
    sealedPrivateKey: row.sealed_private_key,
    signsFromMs: row.signs_from_ms,
    tokenTtlMs: row.token_ttl_seconds * 1000,
  };
}
