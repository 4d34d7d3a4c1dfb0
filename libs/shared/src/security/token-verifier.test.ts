import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { createTokenVerifier, type TokenVerifierOptions } from './token-verifier.ts';

const ISSUER = 'https://auth.test';
const AUDIENCE = 'doubleshot';
const USER = '019aaf00-0000-7000-8000-000000000001';

interface Signer {
  privateKey: CryptoKey;
  jwk: JWK;
}

let first: Signer;
let second: Signer;

async function createSigner(kid: string, alg = 'RS256'): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

beforeAll(async () => {
  first = await createSigner('first');
  second = await createSigner('second');
});

interface TokenChanges {
  claims?: JWTPayload;
  header?: Partial<JWTHeaderParameters>;
  without?: string;
}

async function bearer(signer: Signer, { claims, header, without }: TokenChanges = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const { [without ?? '']: _left, ...all }: JWTPayload = { sub: USER, role: 'customer', sid: 'family', iss: ISSUER, aud: AUDIENCE, iat: now, nbf: now, exp: now + 60, ...claims };
  return `Bearer ${await new SignJWT(all).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'first', ...header }).sign(signer.privateKey)}`;
}

function verifierFor(source: () => Promise<readonly JWK[]>, options: Partial<TokenVerifierOptions> = {}) {
  return createTokenVerifier({ keys: { current: source }, issuer: ISSUER, audience: AUDIENCE, algorithms: ['RS256'], ...options });
}

const firstKeyOnly = () => Promise.resolve([first.jwk]);

test('a good token names its principal', async () => {
  const principal = await verifierFor(firstKeyOnly).verify(await bearer(first));
  expect(principal).toEqual({ userId: USER, role: 'customer', sessionId: 'family', expiresAt: expect.any(Date) as Date });
});

test.each([[undefined], [''], ['Basic dXNlcjpwYXNz'], ['Bearers x']])('the header %j is token_missing, with a challenge', async (header) => {
  await expect(verifierFor(firstKeyOnly).verify(header)).rejects.toMatchObject({ code: 'token_missing', headers: { 'WWW-Authenticate': 'Bearer realm="doubleshot"' } });
});

test.each([['Bearer'], ['Bearer '], ['Bearer a b'], ['Bearer ü'], ['Bearer x'], [`Bearer ${'x'.repeat(5_000)}`], ['Bearer a.b.c']])('the header %j is token_invalid', async (header) => {
  await expect(verifierFor(firstKeyOnly).verify(header)).rejects.toMatchObject({ code: 'token_invalid' });
});

describe('a token is refused', () => {
  const past = Math.floor(Date.now() / 1_000) - 3_600;
  const cases: [string, TokenChanges, string][] = [
    ['with a wrong issuer', { claims: { iss: 'https://evil.test' } }, 'token_invalid'],
    ['with a wrong audience', { claims: { aud: 'other' } }, 'token_invalid'],
    ['with a wrong type', { header: { typ: 'JWT' } }, 'token_invalid'],
    ['with an unknown role', { claims: { role: 'owner' } }, 'token_invalid'],
    ['that is not valid yet', { claims: { nbf: Math.floor(Date.now() / 1_000) + 600 } }, 'token_invalid'],
    ['that expired', { claims: { exp: past } }, 'token_expired'],
    ['with an unknown critical header', { header: { crit: ['x'], x: 1 } }, 'token_invalid'],
    ...['sub', 'role', 'sid', 'iss', 'aud', 'iat', 'exp'].map((claim): [string, TokenChanges, string] => [`without ${claim}`, { without: claim }, 'token_invalid']),
  ];
  test.each(cases)('%s', async (_name, changes, code) => {
    const token = changes.header?.crit === undefined ? await bearer(first, changes) : await bearerWithCritical();
    await expect(verifierFor(firstKeyOnly).verify(token)).rejects.toMatchObject({ code });
  });

  async function bearerWithCritical(): Promise<string> {
    const [header, ...rest] = (await bearer(first)).slice('Bearer '.length).split('.');
    const changed = { ...(JSON.parse(Buffer.from(header ?? '', 'base64url').toString()) as object), crit: ['x'], x: 1 };
    return `Bearer ${[Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.')}`;
  }

  test('without a key id', async () => {
    await expect(verifierFor(firstKeyOnly).verify(await bearer(first, { header: { kid: undefined } }))).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('with another payload under the same signature', async () => {
    const [header, , signature] = (await bearer(first)).split('.');
    const payload = Buffer.from(JSON.stringify({ sub: USER, role: 'staff' })).toString('base64url');
    await expect(verifierFor(firstKeyOnly).verify([header, payload, signature].join('.'))).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('when another key signed it under a known key id', async () => {
    await expect(verifierFor(firstKeyOnly).verify(await bearer(second))).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('with the algorithm none', async () => {
    const unsigned = new UnsecuredJWT({ sub: USER, role: 'staff', sid: 'x' }).setIssuer(ISSUER).setAudience(AUDIENCE).setIssuedAt().setExpirationTime('1h').encode();
    await expect(verifierFor(firstKeyOnly).verify(`Bearer ${unsigned}`)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('when the public key was used as an HMAC secret', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(first.jwk));
    const token = await new SignJWT({ sub: USER, role: 'staff', sid: 'x' }).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'first' }).setIssuer(ISSUER).setAudience(AUDIENCE).setIssuedAt().setExpirationTime('1h').sign(secret);
    await expect(verifierFor(firstKeyOnly).verify(`Bearer ${token}`)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('with an algorithm that is not on the list, although its key is published', async () => {
    const elliptic = await createSigner('elliptic', 'ES256');
    const token = await bearer(elliptic, { header: { alg: 'ES256', kid: 'elliptic' } });
    const source = () => Promise.resolve([elliptic.jwk]);
    await expect(verifierFor(source).verify(token)).rejects.toMatchObject({ code: 'token_invalid' });
    await expect(verifierFor(source, { algorithms: ['ES256'] }).verify(token)).resolves.toMatchObject({ userId: USER });
  });

  test('when it brings its own key, inside or by address', async () => {
    const source = vi.fn(firstKeyOnly);
    const verifier = verifierFor(source);
    for (const header of [{ jwk: second.jwk }, { jku: 'http://127.0.0.1:1/keys' }, { x5u: 'http://127.0.0.1:1/cert' }]) {
      await expect(verifier.verify(await bearer(second, { header: { ...header, kid: 'second' } }))).rejects.toMatchObject({ code: 'token_invalid' });
    }
    expect(source).toHaveBeenCalledTimes(1);
  });
});

test('a token that was verified once is not verified again until it expires', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    let published: readonly JWK[] = [first.jwk];
    const verifier = verifierFor(() => Promise.resolve(published), { clockToleranceSeconds: 0, minRefetchIntervalMs: 0 });
    const token = await bearer(first);
    const principal = await verifier.verify(token);
    published = [];
    expect(await verifier.verify(token)).toBe(principal);
    vi.advanceTimersByTime(61_000);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_expired' });
  } finally {
    vi.useRealTimers();
  }
});

test('many requests with one new token share one verification', async () => {
  const verifier = verifierFor(firstKeyOnly);
  const token = await bearer(first);
  const principals = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
  expect(new Set(principals).size).toBe(1);
});

describe('an unknown key id', () => {
  test('is looked up once for all who wait, and a rotated key is found', async () => {
    let published: readonly JWK[] = [first.jwk];
    const source = vi.fn(() => Promise.resolve(published));
    const verifier = verifierFor(source, { minRefetchIntervalMs: 0 });
    await verifier.verify(await bearer(first));
    published = [first.jwk, second.jwk];
    const tokens = await Promise.all(['a', 'b', 'c'].map((sid) => bearer(second, { header: { kid: 'second' }, claims: { sid } })));
    await Promise.all(tokens.map((token) => verifier.verify(token)));
    expect(source).toHaveBeenCalledTimes(2);
  });

  test('does not make the keys fetched more often than the interval', async () => {
    const source = vi.fn(firstKeyOnly);
    const verifier = verifierFor(source, { minRefetchIntervalMs: 60_000 });
    for (const kid of ['x', 'y', 'z']) await expect(verifier.verify(await bearer(second, { header: { kid } }))).rejects.toMatchObject({ code: 'token_invalid' });
    expect(source).toHaveBeenCalledTimes(1);
  });

  test('is unavailable, not invalid, while the keys cannot be had; known keys go on working', async () => {
    let reachable = true;
    const source = () => (reachable ? firstKeyOnly() : Promise.reject(new Error('connection refused')));
    const verifier = verifierFor(source, { minRefetchIntervalMs: 0, refreshAfterMs: 0 });
    await verifier.verify(await bearer(first));
    reachable = false;
    await expect(verifier.verify(await bearer(second, { header: { kid: 'second' } }))).rejects.toMatchObject({ code: 'unavailable', headers: { 'Retry-After': '1' } });
    await expect(verifier.verify(await bearer(first, { claims: { sid: 'another' } }))).resolves.toMatchObject({ sessionId: 'another' });
  });
});
