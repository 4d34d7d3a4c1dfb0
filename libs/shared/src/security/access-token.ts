import { Role } from '@doubleshot/contracts';
import { z } from 'zod';
import type { Principal } from './principal.ts';

/** `typ` of the header of an access token (RFC 9068). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

const Claims = z.object({ sub: z.string().min(1).max(200), role: Role, sid: z.string().min(1).max(200), exp: z.number() });

/** Claims that must be there besides those that the verification itself needs. */
export const REQUIRED_CLAIMS = ['sub', 'role', 'sid', 'iat', 'exp'];

/** The principal that verified claims name, or `undefined` when they do not have the form of an access token. */
export function principalOf(claims: unknown): Principal | undefined {
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) return undefined;
  const { sub, role, sid, exp } = parsed.data;
  return Object.freeze({ userId: sub, role, sessionId: sid, expiresAt: new Date(exp * 1_000) });
}
