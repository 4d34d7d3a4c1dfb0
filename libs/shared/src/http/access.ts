import type { Access } from '@doubleshot/contracts';
import { ProblemError } from '../errors/problem-error.ts';
import type { Principal, TokenVerifier } from '../security/principal.ts';

/** Lets a caller in, or rejects with a `ProblemError`: a token problem (401) or `forbidden` (403). `undefined` for public operations. */
export async function checkAccess(access: Access, tokens: TokenVerifier, authorization: string | undefined): Promise<Principal | undefined> {
  if (access === 'public') return undefined;
  const principal = await tokens.verify(authorization);
  if (access === 'staff' && principal.role !== 'staff') throw new ProblemError('forbidden');
  return principal;
}
