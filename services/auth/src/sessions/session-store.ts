import type { Role } from '@doubleshot/contracts';
import type { Database, Transaction } from '@doubleshot/shared/database';

/** A family of refresh tokens whose row is locked by the running transaction. */
export interface LockedFamily {
  sessionId: string;
  userId: string;
  role: Role;
  revoked: boolean;
}

/** One refresh token as stored, read by the database's clock. */
export interface StoredToken {
  expired: boolean;
  spent: boolean;
  /** Spent no longer ago than the retry window. */
  spentLately: boolean;
  /** There only while the token is spent and its successor is not. */
  successorSeed: Buffer | null;
  nowMs: number;
}

export interface NewSession {
  sessionId: string;
  userId: string;
  tokenHash: Buffer;
  ttlSeconds: number;
}

export interface Rotation {
  sessionId: string;
  tokenHash: Buffer;
  successorHash: Buffer;
  successorSeed: Buffer;
  ttlSeconds: number;
}

const OPEN = `
  WITH session AS (
    INSERT INTO auth.sessions (id, user_id, expires_at) VALUES ($1, $2, now() + $4 * interval '1 second') RETURNING id, expires_at
  ), token AS (
    INSERT INTO auth.refresh_tokens (token_hash, session_id, expires_at) SELECT $3, id, expires_at FROM session
  )
  SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"`;

const LOCK = `
  SELECT s.id AS "sessionId", s.user_id AS "userId", u.role, s.revoked_at IS NOT NULL AS revoked
  FROM auth.sessions s JOIN auth.users u ON u.id = s.user_id
  WHERE s.id = (SELECT session_id FROM auth.refresh_tokens WHERE token_hash = $1)
  FOR UPDATE OF s`;

const READ_TOKEN = `
  SELECT expires_at <= clock_timestamp() AS expired, spent_at IS NOT NULL AS spent,
         coalesce(spent_at > clock_timestamp() - $2 * interval '1 second', false) AS "spentLately", successor_seed AS "successorSeed",
         (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
  FROM auth.refresh_tokens WHERE token_hash = $1`;

// Spending a token forgets the seed it was itself made from: its predecessor can then no longer be presented again.
const ROTATE = `
  WITH spent AS (
    UPDATE auth.refresh_tokens SET spent_at = clock_timestamp(), successor_seed = $3 WHERE token_hash = $1 RETURNING predecessor_hash
  ), forgotten AS (
    UPDATE auth.refresh_tokens SET successor_seed = NULL WHERE token_hash = (SELECT predecessor_hash FROM spent)
  ), prolonged AS (
    UPDATE auth.sessions SET expires_at = clock_timestamp() + $5 * interval '1 second' WHERE id = $4 RETURNING expires_at
  )
  INSERT INTO auth.refresh_tokens (token_hash, session_id, expires_at, predecessor_hash) SELECT $2, $4, expires_at, $1 FROM prolonged`;

const REVOKE_OWN = `
  UPDATE auth.sessions SET revoked_at = now()
  WHERE user_id = $1 AND revoked_at IS NULL AND (id = $2 OR id = (SELECT session_id FROM auth.refresh_tokens WHERE token_hash = $3))`;

/** Opens a session with its first refresh token; answers the database's clock. */
export async function openSession(database: Database, { sessionId, userId, tokenHash, ttlSeconds }: NewSession): Promise<{ nowMs: number }> {
  const [row] = await database.query<{ nowMs: number }>({ name: 'auth-open-session', text: OPEN }, [sessionId, userId, tokenHash, ttlSeconds]);
  if (row === undefined) throw new Error('the database told no time');
  return row;
}

/** Locks the family that a token belongs to until the transaction ends. */
export async function lockFamily(transaction: Transaction, tokenHash: Buffer): Promise<LockedFamily | undefined> {
  const [row] = await transaction.query<LockedFamily>({ name: 'auth-lock-family', text: LOCK }, [tokenHash]);
  return row;
}

/** Reads a token; call it once the family is locked, so that nobody changes it any more. */
export async function readToken(transaction: Transaction, tokenHash: Buffer, retryWindowSeconds: number): Promise<StoredToken | undefined> {
  const [row] = await transaction.query<StoredToken>({ name: 'auth-read-token', text: READ_TOKEN }, [tokenHash, retryWindowSeconds]);
  return row;
}

/** Spends a token and stores its successor. */
export async function rotateToken(transaction: Transaction, { sessionId, tokenHash, successorHash, successorSeed, ttlSeconds }: Rotation): Promise<void> {
  await transaction.query({ name: 'auth-rotate-token', text: ROTATE }, [tokenHash, successorHash, successorSeed, sessionId, ttlSeconds]);
}

export async function revokeFamily(transaction: Transaction, sessionId: string): Promise<void> {
  await transaction.query('UPDATE auth.sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL', [sessionId]);
}

/** Revokes a session of a user, and the session of a refresh token if it is the same user's. */
export async function revokeOwnSessions(
  database: Database,
  { userId, sessionId, tokenHash }: { userId: string; sessionId: string; tokenHash: Buffer | undefined },
): Promise<void> {
  await database.query({ name: 'auth-revoke-own-sessions', text: REVOKE_OWN }, [userId, sessionId, tokenHash ?? null]);
}
