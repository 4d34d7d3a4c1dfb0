import type { Role } from '@doubleshot/contracts';

/** Who calls, as a verified access token says. */
export interface Principal {
  userId: string;
  role: Role;
  /** The log-in this token descends from (its refresh family). */
  sessionId: string;
  /** When the token ends (`exp`); a stream opened with it ends then too. */
  expiresAt: Date;
}

/** Verifies access tokens: signature, algorithm allowlist, `iss`, `aud`, `exp`, `nbf`, type. A token verified once is remembered until it expires. */
export interface TokenVerifier {
  /** `authorization` is the header as it came. Rejects with a `ProblemError`: `token_missing`, `token_invalid` or `token_expired`. */
  verify(authorization: string | undefined): Promise<Principal>;
}
