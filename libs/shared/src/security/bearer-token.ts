import { ProblemError } from '../errors/problem-error.ts';

/** Longer ones are refused before anything is computed. */
const LONGEST_TOKEN_CHARACTERS = 4_096;
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;
/** What a client without a valid token is told to bring; every 401 carries at least this. */
export const CHALLENGE = 'Bearer realm="doubleshot"';

/** The token of an `Authorization: Bearer …` header (RFC 6750). Throws a `ProblemError`: `token_missing` or `token_invalid`. */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || !/^Bearer\b/i.test(authorization)) {
    throw new ProblemError('token_missing', undefined, { headers: { 'WWW-Authenticate': CHALLENGE } });
  }
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined || token.length > LONGEST_TOKEN_CHARACTERS) {
    throw new ProblemError('token_invalid', undefined, { headers: { 'WWW-Authenticate': `${CHALLENGE}, error="invalid_token"` } });
  }
  return token;
}
