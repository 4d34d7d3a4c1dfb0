import type { login } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import { ProblemError } from '@doubleshot/shared/errors';
import type { Handler } from '@doubleshot/shared/http';
import { uuidV7 } from '@doubleshot/shared/messaging';
import type { IssueAccessToken } from '../keys/access-token.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { UserStore, UserWithPassword } from '../users/user-store.ts';
import { hashRefreshToken, newRefreshToken } from './refresh-token.ts';
import { openSession } from './session-store.ts';
import { tokenPairReply } from './token-pair.ts';

export interface LogInDeps {
  database: Database;
  users: UserStore;
  passwords: PasswordHasher;
  issueAccessToken: IssueAccessToken;
  accessTokenTtlSeconds: number;
  refreshTokenTtlSeconds: number;
}

/** Checks the password and opens a session. An unknown user costs the same hash and gets the same answer as a wrong password. */
export function createLogIn(deps: LogInDeps): Handler<typeof login> {
  const { database, users, passwords } = deps;
  return async ({ body: { email, password }, signal }) => {
    const user = await users.findByEmail(email);
    const matches = await passwords.matches(password, user?.passwordHash, signal);
    if (user === undefined || !matches) throw new ProblemError('credentials_invalid');
    await renewHash(deps, user, password);
    const refreshToken = newRefreshToken();
    const sessionId = uuidV7();
    const tokenHash = hashRefreshToken(refreshToken);
    const { nowMs } = await openSession(database, { sessionId, userId: user.id, tokenHash, ttlSeconds: deps.refreshTokenTtlSeconds });
    const accessToken = await deps.issueAccessToken({ userId: user.id, role: user.role, sessionId }, nowMs);
    return tokenPairReply({ accessToken, refreshToken, expiresIn: deps.accessTokenTtlSeconds });
  };
}

async function renewHash({ users, passwords }: LogInDeps, user: UserWithPassword, password: string): Promise<void> {
  if (!passwords.isOutdated(user.passwordHash)) return;
  // Too busy to hash: the next log-in does it.
  const renewed = await passwords.hash(password).catch(() => undefined);
  if (renewed !== undefined) await users.replaceHash(user.id, user.passwordHash, renewed);
}
