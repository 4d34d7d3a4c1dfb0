import type { refresh } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import { ProblemError } from '@doubleshot/shared/errors';
import type { Handler } from '@doubleshot/shared/http';
import type { IssueAccessToken } from '../keys/access-token.ts';
import { rotate } from './rotate.ts';
import { tokenPairReply } from './token-pair.ts';

export interface RefreshTokensDeps {
  database: Database;
  issueAccessToken: IssueAccessToken;
  accessTokenTtlSeconds: number;
  refreshTokenTtlSeconds: number;
  retryWindowSeconds: number;
  /** Told when a spent token came back and its family was revoked. */
  onReuse: () => void;
}

/** Exchanges a refresh token for a new pair. The role is read anew, so that a change of role takes effect with the next pair. */
export function createRefreshTokens(deps: RefreshTokensDeps): Handler<typeof refresh> {
  const policy = { ttlSeconds: deps.refreshTokenTtlSeconds, retryWindowSeconds: deps.retryWindowSeconds };
  return async ({ body }) => {
    const outcome = await rotate(deps.database, body.refreshToken, policy);
    if (outcome.kind === 'reused') deps.onReuse();
    if (outcome.kind !== 'rotated') throw new ProblemError('refresh_token_invalid');
    const { family, refreshToken, nowMs } = outcome;
    const accessToken = await deps.issueAccessToken(family, nowMs);
    return tokenPairReply({ accessToken, refreshToken, expiresIn: deps.accessTokenTtlSeconds });
  };
}
