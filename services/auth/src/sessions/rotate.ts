import { REQUEST_DEADLINE_MS, type Database, type Transaction } from '@doubleshot/shared/database';
import { hashRefreshToken, newSuccessorSeed, successorOf } from './refresh-token.ts';
import { lockFamily, readToken, revokeFamily, rotateToken, type LockedFamily } from './session-store.ts';

/** What presenting a refresh token came to. */
export type RotationOutcome = { kind: 'rotated'; family: LockedFamily; refreshToken: string; nowMs: number } | { kind: 'refused' } | { kind: 'reused' };

export interface RotationPolicy {
  ttlSeconds: number;
  retryWindowSeconds: number;
}

/*
 * A spent token that comes again means one of two things: its reply was lost and the client asks again, or two parties hold it and one is a thief.
 * While the successor is unused and the token was spent within the retry window, we take the first, and give the *same* successor again: it is derived
 * from the spent token and a stored seed. So a family has one live token at any time, however many retries run at once or overtake each other, and a
 * retry never invalidates a reply that did arrive. A thief who presents a token within the window thus gets the token its owner has, not one of his
 * own: as soon as one of the two spends it and the other comes after the window, or after the successor's use, the family is revoked. Outside the
 * window, or once the successor was used (which forgets the seed), a spent token always revokes.
 */

/** Spends a refresh token and answers its successor; revokes its family when a spent one comes back. The family's row lock puts all this in order. */
export function rotate(database: Database, token: string, policy: RotationPolicy): Promise<RotationOutcome> {
  // The outcome is returned, not thrown: a revocation must be committed.
  return database.transaction((transaction) => rotateLocked(transaction, token, policy), { deadlineMs: REQUEST_DEADLINE_MS });
}

async function rotateLocked(transaction: Transaction, token: string, { ttlSeconds, retryWindowSeconds }: RotationPolicy): Promise<RotationOutcome> {
  const tokenHash = hashRefreshToken(token);
  const family = await lockFamily(transaction, tokenHash);
  const stored = family && (await readToken(transaction, tokenHash, retryWindowSeconds));
  if (family === undefined || stored === undefined || family.revoked || stored.expired) return { kind: 'refused' };
  const { nowMs, spent, spentLately, successorSeed } = stored;
  if (!spent) {
    const seed = newSuccessorSeed();
    const refreshToken = successorOf(token, seed);
    const successorHash = hashRefreshToken(refreshToken);
    await rotateToken(transaction, { sessionId: family.sessionId, tokenHash, successorHash, successorSeed: seed, ttlSeconds });
    return { kind: 'rotated', family, refreshToken, nowMs };
  }
  if (spentLately && successorSeed !== null) return { kind: 'rotated', family, refreshToken: successorOf(token, successorSeed), nowMs };
  await revokeFamily(transaction, family.sessionId);
  return { kind: 'reused' };
}
