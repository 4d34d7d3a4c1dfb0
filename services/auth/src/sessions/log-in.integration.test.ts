import { hash } from '@node-rs/argon2';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loggedIn, newEmail, newSession, PASSWORD, registered } from '../testing/people.ts';
import { startAuth, type Answer, type RunningAuth } from '../testing/start-auth.ts';

const PATH = '/api/v1/auth/login';

let auth: RunningAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.close());

const logIn = (email: string, password: string): Promise<Answer> => auth.call('POST', PATH, { body: { email, password } });

async function hashesComputed(): Promise<Record<string, number>> {
  const { values } = await auth.metrics.getSingleMetric('doubleshot_password_hashes_total')!.get();
  return Object.fromEntries(values.map(({ labels, value }) => [labels['work'], value]));
}

async function workOf(act: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await hashesComputed();
  await act();
  const after = await hashesComputed();
  return Object.fromEntries(Object.entries(after).map(([work, count]) => [work, count - (before[work] ?? 0)]));
}

describe('log in', () => {
  test('the right password gives a pair that nobody on the way may keep', async () => {
    const { email } = await registered(auth);
    const answer = await logIn(email, PASSWORD);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String), tokenType: 'Bearer', expiresIn: 900 });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('the access token has the type, the algorithm and the claims that verifiers ask for', async () => {
    const { id, accessToken } = await newSession(auth);
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    const claims = decodeJwt(accessToken);
    expect(claims).toMatchObject({ sub: id, role: 'customer', sid: expect.any(String), aud: 'doubleshot', iss: 'https://auth.doubleshot.invalid' });
    expect(claims.nbf).toBe(claims.iat);
    expect(claims.exp! - claims.iat!).toBe(900);
    expect(await auth.verifier.verify(`Bearer ${accessToken}`)).toMatchObject({ userId: id, role: 'customer', sessionId: claims['sid'] });
  });

  test('the case of the address does not matter', async () => {
    const { email } = await registered(auth);
    expect((await logIn(email.toUpperCase(), PASSWORD)).status).toBe(200);
  });

  test('a wrong password and an unknown user get the same answer for the same work', async () => {
    const { email } = await registered(auth);
    await logIn(newEmail(), PASSWORD);
    const answers: Answer[] = [];
    const known = await workOf(async () => answers.push(await logIn(email, 'wrong-password')));
    const unknown = await workOf(async () => answers.push(await logIn(newEmail(), 'wrong-password')));
    const [one, other] = answers.map(({ status, body: { traceId: _traceId, ...body } }) => ({ status, body }));
    expect(one).toMatchObject({ status: 401, body: { code: 'credentials_invalid' } });
    expect(other).toEqual(one);
    expect(unknown).toEqual(known);
    expect(known['verify']).toBe(1);
  });

  test.each([
    ['NUL', 'ada\0@example.com'],
    ['half a surrogate pair', 'ada\ud800@example.com'],
    ['SQL', `' OR 1=1 --`],
  ])('an address with %s is an unknown user', async (_what, email) => {
    expect(await logIn(email, PASSWORD)).toMatchObject({ status: 401, body: { code: 'credentials_invalid' } });
  });

  test('missing fields give 400', async () => {
    expect(await auth.call('POST', PATH, { body: { email: 'ada@example.com' } })).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  test('a hash with old parameters is renewed once', async () => {
    const { id, email } = await registered(auth);
    const old = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await auth.database.query('UPDATE auth.users SET password_hash = $2 WHERE id = $1', [id, old]);
    expect((await workOf(() => loggedIn(auth, email)))['hash']).toBe(1);
    const [row] = await auth.database.query<{ password_hash: string }>('SELECT password_hash FROM auth.users WHERE id = $1', [id]);
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await workOf(() => loggedIn(auth, email)))['hash']).toBe(0);
  });
});

describe('me', () => {
  const me = (token?: string): Promise<Answer> => auth.call('GET', '/api/v1/auth/me', token === undefined ? {} : { token });

  test('answers the user as stored now', async () => {
    const { id, email, accessToken } = await newSession(auth);
    await auth.database.query(`UPDATE auth.users SET name = 'Ada L.' WHERE id = $1`, [id]);
    expect(await me(accessToken)).toMatchObject({ status: 200, body: { user: { id, email, name: 'Ada L.', role: 'customer' } } });
  });

  test('without a token, with a wrong one, and for a user who is gone, gives 401', async () => {
    expect(await me()).toMatchObject({ status: 401, body: { code: 'token_missing' } });
    expect(await me('no.token.atall')).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
    const { id, accessToken } = await newSession(auth);
    await auth.database.query('DELETE FROM auth.users WHERE id = $1', [id]);
    expect(await me(accessToken)).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
  });
});
