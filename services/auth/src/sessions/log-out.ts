import type { logout } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import type { Handler } from '@doubleshot/shared/http';
import { hashRefreshToken } from './refresh-token.ts';
import { revokeOwnSessions } from './session-store.ts';

/** Ends the session of the access token, and that of the refresh token in the body if it is the caller's. A token that is neither changes nothing. */
export function createLogOut(database: Database): Handler<typeof logout> {
  return async ({ principal: { userId, sessionId }, body }) => {
    const tokenHash = body?.refreshToken === undefined ? undefined : hashRefreshToken(body.refreshToken);
    await revokeOwnSessions(database, { userId, sessionId, tokenHash });
    return { status: 204 };
  };
}
