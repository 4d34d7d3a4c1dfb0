import { randomUUID } from 'node:crypto';
import type { Role } from '@doubleshot/contracts';
import { ACCESS_TOKEN_TYPE } from '@doubleshot/shared/security';
import { SignJWT } from 'jose';
import type { SigningKeys } from './signing-keys.ts';

export interface AccessTokenSubject {
  userId: string;
  role: Role;
  sessionId: string;
}

/** Signs an access token (RFC 9068). `nowMs` is the database's clock, so that a process whose own clock is wrong still gives out good tokens. */
export type IssueAccessToken = (subject: AccessTokenSubject, nowMs: number) => Promise<string>;

export interface AccessTokenOptions {
  keys: SigningKeys;
  issuer: string;
  audience: string;
  ttlSeconds: number;
}

export function createAccessTokenIssuer({ keys, issuer, audience, ttlSeconds }: AccessTokenOptions): IssueAccessToken {
  return async ({ userId, role, sessionId }, nowMs) => {
    const { kid, algorithm, privateKey } = await keys.signing(nowMs);
    const issuedAt = Math.floor(nowMs / 1000);
    return new SignJWT({ role, sid: sessionId })
      .setProtectedHeader({ alg: algorithm, typ: ACCESS_TOKEN_TYPE, kid })
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + ttlSeconds)
      .setJti(randomUUID())
      .sign(privateKey);
  };
}
