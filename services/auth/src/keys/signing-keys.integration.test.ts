import { createDatabase, type Database } from '@doubleshot/shared/database';
import { createSilentLogger } from '@doubleshot/shared/logging';
import { createLocalKeys, createTokenVerifier, type TokenVerifier } from '@doubleshot/shared/security';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { AUTH_MIGRATIONS } from '../schema.ts';
import { newSession } from '../testing/people.ts';
import { startAuth } from '../testing/start-auth.ts';
import { createAccessTokenIssuer } from './access-token.ts';
import { makeSigningKey } from './make-signing-key.ts';
import { changeKeys, insertKey, type StoredKey } from './signing-key-store.ts';
import { createSigningKeys, type SigningKeys } from './signing-keys.ts';

const SECRET = 'a secret for tests only';
const TTL_SECONDS = 900;
const DAY_SECONDS = 86_400;
const LEAD_SECONDS = 600;
const RS256 = ['RS256'];
const issuer = 'https://auth.example';
const audience = 'shop';

describe('signing keys', () => {
  let url: string;
  let database: Database;
  beforeEach(async () => {
    url = await createTestDatabase();
    database = createDatabase({ url, poolSize: 4, applicationName: 'signing-keys-test', logger: createSilentLogger() });
    await database.migrate('auth', AUTH_MIGRATIONS);
  });
  afterEach(() => database.close());

  const keysWith = (algorithms = RS256, secret = SECRET): SigningKeys => {
    const policy = { algorithms, rotationMs: DAY_SECONDS * 1_000, leadMs: LEAD_SECONDS * 1_000 };
    return createSigningKeys({ database, secret, tokenTtlSeconds: TTL_SECONDS, policy });
  };

  const verifierOf = (keys: SigningKeys, algorithms = RS256): TokenVerifier => {
    const localKeys = createLocalKeys();
    localKeys.provide(keys.published);
    return createTokenVerifier({ keys: localKeys, issuer, audience, algorithms, minRefetchIntervalMs: 0 });
  };

  const tokenOf = (keys: SigningKeys): Promise<string> =>
    createAccessTokenIssuer({ keys, issuer, audience, ttlSeconds: TTL_SECONDS })({ userId: 'u', role: 'customer', sessionId: 's' }, Date.now());

  /** As if time had gone by. */
  const pass = async (seconds: number): Promise<void> => {
    await database.query(`UPDATE auth.signing_keys SET signs_from = signs_from - $1 * interval '1 second'`, [seconds]);
  };

  const kids = async (keys: SigningKeys): Promise<unknown[]> => (await keys.published()).map(({ kid }) => kid).sort();

  test('processes that start at once share one key', async () => {
    const several = [keysWith(), keysWith(), keysWith()];
    await Promise.all(several.map((keys) => keys.maintain()));
    expect(await database.query('SELECT 1 FROM auth.signing_keys')).toHaveLength(1);
    const tokens = await Promise.all(several.map(tokenOf));
    expect(new Set(tokens.map((token) => decodeProtectedHeader(token).kid)).size).toBe(1);
    const verifier = verifierOf(several[0]!);
    for (const token of tokens) expect(await verifier.verify(`Bearer ${token}`)).toMatchObject({ userId: 'u' });
  });

  test('who decides on the keys decides alone', async () => {
    const fast = { algorithm: 'ES256', signsFromMs: 0, tokenTtlMs: TTL_SECONDS * 1_000, secret: SECRET };
    const made = await Promise.all([makeSigningKey(fast), makeSigningKey(fast)]);
    const addIfFirst = (key: StoredKey) =>
      changeKeys(database, async (sql, { keys }) => {
        await sql.query('SELECT pg_sleep(0.1)');
        if (keys.length === 0) await insertKey(sql, key);
      });
    await Promise.all(made.map(addIfFirst));
    expect(await database.query('SELECT 1 FROM auth.signing_keys')).toHaveLength(1);
  });

  test('a private key is stored encrypted and published without its private half', async () => {
    const keys = keysWith();
    await keys.maintain();
    const [row] = await database.query<{ sealed_private_key: Buffer }>('SELECT sealed_private_key FROM auth.signing_keys');
    expect(row?.sealed_private_key.toString('latin1')).not.toContain('PRIVATE KEY');
    const [jwk] = await keys.published();
    expect(Object.keys(jwk!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  test('a key is published before it signs, and the one before until its last token has expired', async () => {
    const keys = keysWith();
    await keys.maintain();
    const first = await tokenOf(keys);
    const [firstKid] = await kids(keys);

    await pass(DAY_SECONDS - LEAD_SECONDS + 1);
    await keys.maintain();
    const verifier = verifierOf(keys);
    expect(await kids(keys)).toHaveLength(2);
    const beforeTurn = await tokenOf(keys);
    expect(decodeProtectedHeader(beforeTurn).kid).toBe(firstKid);

    await pass(LEAD_SECONDS);
    await keys.maintain();
    const afterTurn = await tokenOf(keys);
    const secondKid = decodeProtectedHeader(afterTurn).kid;
    expect(secondKid).not.toBe(firstKid);
    for (const token of [first, beforeTurn, afterTurn]) expect(await verifier.verify(`Bearer ${token}`)).toMatchObject({ userId: 'u' });

    await pass(TTL_SECONDS - 5);
    await keys.maintain();
    expect(await kids(keys)).toContain(firstKid);

    await pass(130);
    await keys.maintain();
    expect(await kids(keys)).toEqual([secondKid]);
    await expect(verifierOf(keys).verify(`Bearer ${first}`)).rejects.toMatchObject({ code: 'token_invalid' });
    expect(await verifierOf(keys).verify(`Bearer ${afterTurn}`)).toMatchObject({ userId: 'u' });
  });

  test('a process that has not looked yet verifies what another signed with a new key', async () => {
    const [one, other] = [keysWith(), keysWith()];
    await one.maintain();
    await other.maintain();
    await database.query('DELETE FROM auth.signing_keys');
    const fresh = keysWith();
    await fresh.maintain();
    expect(await verifierOf(other).verify(`Bearer ${await tokenOf(fresh)}`)).toMatchObject({ userId: 'u' });
  });

  test.each(['ES256', 'EdDSA'])('%s takes over after it was published, and older tokens stay good', async (algorithm) => {
    await keysWith().maintain();
    const keys = keysWith([algorithm, 'RS256']);
    await keys.maintain();
    const old = await tokenOf(keys);
    expect(decodeProtectedHeader(old).alg).toBe('RS256');
    await pass(LEAD_SECONDS);
    await keys.maintain();
    const young = await tokenOf(keys);
    expect(decodeProtectedHeader(young).alg).toBe(algorithm);
    const verifier = verifierOf(keys, [algorithm, 'RS256']);
    for (const token of [old, young]) expect(await verifier.verify(`Bearer ${token}`)).toMatchObject({ userId: 'u' });
    await expect(verifierOf(keys, [algorithm]).verify(`Bearer ${old}`)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('another secret is refused with a sentence that names the variable, and changes nothing', async () => {
    await keysWith().maintain();
    const refusal = keysWith(RS256, 'quite another secret').maintain();
    await expect(refusal).rejects.toThrow(/^SIGNING_KEY_SECRET is not the secret that the signing keys in the database were encrypted with/);
    expect(await database.query('SELECT 1 FROM auth.signing_keys')).toHaveLength(1);
  });

  test('without its database it goes on publishing what it read last', async () => {
    const keys = keysWith();
    await keys.maintain();
    const before = await kids(keys);
    await database.query('ALTER TABLE auth.signing_keys RENAME TO hidden');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await kids(keys)).toEqual(before);
  });

  test('a longer life of tokens keeps the keys that sign them longer', async () => {
    await keysWith().maintain();
    const policy = { algorithms: RS256, rotationMs: DAY_SECONDS * 1_000, leadMs: 0 };
    await createSigningKeys({ database, secret: SECRET, tokenTtlSeconds: 7_200, policy }).maintain();
    expect(await database.query('SELECT token_ttl_seconds FROM auth.signing_keys')).toEqual([{ token_ttl_seconds: 7_200 }]);
  });
});

describe('the key set over HTTP', () => {
  test('is public and may be kept shorter than a new key waits', async () => {
    const auth = await startAuth({ environment: { SIGNING_KEY_LEAD_SECONDS: '120' } });
    try {
      const { accessToken } = await newSession(auth);
      const answer = await auth.call('GET', '/.well-known/jwks.json');
      expect(answer).toMatchObject({ status: 200, body: { keys: [{ kid: decodeProtectedHeader(accessToken).kid, kty: 'RSA', alg: 'RS256', use: 'sig' }] } });
      expect(answer.headers.get('cache-control')).toBe('public, max-age=120');
    } finally {
      await auth.close();
    }
  });

  test('a module with the wrong secret does not start', async () => {
    const auth = await startAuth();
    try {
      const wrong = startAuth({ databaseUrl: auth.url, environment: { SIGNING_KEY_SECRET: 'quite another secret' } });
      await expect(wrong).rejects.toMatchObject({ name: 'SettingsError', faults: [{ variable: 'SIGNING_KEY_SECRET' }] });
    } finally {
      await auth.close();
    }
  });
});
