import type { Role } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import type { Principal, TokenVerifier } from '@doubleshot/shared/security';

const HOUR_MS = 3_600_000;

/** Tokens of a test alone: `Bearer <role> <user id>`. What a real verifier checks is proved in its own room. */
export const KNOWN_TOKENS: TokenVerifier = {
  verify: (authorization) => {
    if (authorization === undefined) return Promise.reject(new ProblemError('token_missing'));
    const [, role, userId] = /^Bearer (customer|staff)\.([0-9a-f-]{36})$/.exec(authorization) ?? [];
    if (role === undefined || userId === undefined) return Promise.reject(new ProblemError('token_invalid'));
    const principal: Principal = { userId, role: role as Role, sessionId: userId, expiresAt: new Date(Date.now() + HOUR_MS) };
    return Promise.resolve(principal);
  },
};

export function bearerOf(userId: string, role: Role = 'customer'): Record<string, string> {
  return { authorization: `Bearer ${role}.${userId}` };
}
