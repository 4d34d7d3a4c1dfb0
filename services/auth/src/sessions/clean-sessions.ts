import { deleteInBatches, type Database } from '@doubleshot/shared/database';

/** How long a revoked session is kept for whoever looks into an incident. */
const REVOKED_KEPT_SECONDS = 86_400;

const EXPIRED_TOKENS = `
  DELETE FROM auth.refresh_tokens WHERE token_hash IN (
    SELECT token_hash FROM auth.refresh_tokens WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING 1`;

const EXPIRED_SESSIONS = `
  DELETE FROM auth.sessions WHERE id IN (
    SELECT id FROM auth.sessions WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING 1`;

const REVOKED_SESSIONS = `
  DELETE FROM auth.sessions WHERE id IN (
    SELECT id FROM auth.sessions WHERE revoked_at < now() - ${REVOKED_KEPT_SECONDS} * interval '1 second'
    LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING 1`;

/** Deletes expired refresh tokens and ended sessions in small batches. Several processes may do it at once. Answers how many rows went. */
export async function cleanSessions(database: Database): Promise<number> {
  let deleted = 0;
  for (const statement of [EXPIRED_TOKENS, EXPIRED_SESSIONS, REVOKED_SESSIONS]) deleted += await deleteInBatches(database, statement);
  return deleted;
}
