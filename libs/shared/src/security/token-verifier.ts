import { errors, jwtVerify, type CryptoKey, type JWTHeaderParameters } from 'jose';
import { LRUCache } from 'lru-cache';
import { ProblemError } from '../errors/problem-error.ts';
import { ACCESS_TOKEN_TYPE, principalOf, REQUIRED_CLAIMS } from './access-token.ts';
import { bearerToken } from './bearer-token.ts';
import { createKeyRing, type KeyRingOptions } from './key-ring.ts';
import type { Principal, TokenVerifier } from './principal.ts';

/** A token of the shop has about 700 characters: at most some 10 MB. */
const REMEMBERED_TOKENS = 10_000;
const CLOCK_TOLERANCE_SECONDS = 5;
const RETRY_AFTER_SECONDS = '1';

export interface TokenVerifierOptions extends KeyRingOptions {
  issuer: string;
  audience: string;
  /** How far clocks may be apart. 5 s unless told. */
  clockToleranceSeconds?: number;
}

/**
 * Verifies access tokens against the keys of a source. The key comes from `kid` alone: `jku`, `jwk` and `x5c` in a token are not looked at.
 * Besides the problems of {@link TokenVerifier}: `unavailable` when the keys cannot be had and none that is known fits.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const ring = createKeyRing(options);
  /** By the header as it came, so that a known one need not be taken apart. */
  const remembered = new LRUCache<string, Principal>({ max: REMEMBERED_TOKENS });
  const running = new Map<string, Promise<Principal>>();
  const toleranceMs = (options.clockToleranceSeconds ?? CLOCK_TOLERANCE_SECONDS) * 1_000;

  const findKey = async ({ kid, alg }: JWTHeaderParameters): Promise<CryptoKey> => {
    if (kid === undefined) throw invalid();
    const key = await ring.find(kid, alg).catch((cause: unknown) => {
      throw new ProblemError('unavailable', 'The keys to verify tokens cannot be had now.', { cause, headers: { 'Retry-After': RETRY_AFTER_SECONDS } });
    });
    if (key === undefined) throw invalid();
    return key;
  };
  const verifyNew = async (authorization: string): Promise<Principal> => {
    const principal = await verifySignedToken(bearerToken(authorization), options, findKey);
    remembered.set(authorization, principal);
    return principal;
  };

  return {
    verify: async (authorization = '') => {
      const known = remembered.get(authorization);
      if (known !== undefined) {
        if (known.expiresAt.getTime() + toleranceMs > Date.now()) return known;
        remembered.delete(authorization);
        throw expired();
      }
      let verification = running.get(authorization);
      if (verification === undefined) {
        verification = verifyNew(authorization).finally(() => running.delete(authorization));
        running.set(authorization, verification);
      }
      return verification;
    },
  };
}

type FindKey = (header: JWTHeaderParameters) => Promise<CryptoKey>;

async function verifySignedToken(token: string, options: TokenVerifierOptions, findKey: FindKey): Promise<Principal> {
  try {
    const { payload } = await jwtVerify(token, findKey, {
      issuer: options.issuer,
      audience: options.audience,
      algorithms: [...options.algorithms],
      clockTolerance: options.clockToleranceSeconds ?? CLOCK_TOLERANCE_SECONDS,
      typ: ACCESS_TOKEN_TYPE,
      requiredClaims: REQUIRED_CLAIMS,
    });
    const principal = principalOf(payload);
    if (principal === undefined) throw invalid();
    return principal;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw expired();
    if (error instanceof errors.JOSEError) throw invalid();
    throw error;
  }
}

function invalid(): ProblemError {
  return tokenProblem('token_invalid', 'The access token is not valid');
}

function expired(): ProblemError {
  return tokenProblem('token_expired', 'The access token expired');
}

// RFC 6750 §3.1 knows one error code for both.
function tokenProblem(code: 'token_invalid' | 'token_expired', description: string): ProblemError {
  return new ProblemError(code, undefined, { headers: { 'WWW-Authenticate': `Bearer realm="doubleshot", error="invalid_token", error_description="${description}"` } });
}
