import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { API, logIn, newCustomer, problemOf, type Customer } from './support/customer.ts';
import { describeEachTopology } from './support/shop.ts';

describeEachTopology('auth', (shop) => {
  let ada: Customer;
  beforeAll(async () => { ada = await newCustomer(shop); });

  const post = (path: string, body: unknown, token?: string): ReturnType<typeof shop.request> =>
    shop.request(`${API}/auth/${path}`, { method: 'POST', body, ...(token !== undefined && { token }) });
  const refresh = (refreshToken: string): ReturnType<typeof shop.request> => post('refresh', { refreshToken });

  test('registering answers 201 with the user, a taken address 409 in whatever case, a wrong form 400 with every field', async () => {
    const email = `Grace-${randomUUID()}@customers.example`;
    const answer = await post('register', { email, password: 'correct horse', name: 'Grace' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ user: { name: 'Grace', role: 'customer' } });
    expect(problemOf(await post('register', { email: email.toUpperCase(), password: 'correct horse', name: 'Grace' }))).toEqual([409, 'email_taken']);
    const wrong = await post('register', { email: 'nobody', password: 'short', name: '', role: 'staff' });
    expect(problemOf(wrong)).toEqual([400, 'validation_failed']);
    const { errors } = wrong.body as { errors: { at: string }[] };
    expect(errors.map(({ at }) => at)).toEqual(expect.arrayContaining(['/email', '/name', '/password', '/role']));
  });

  test('logging in answers a bearer pair; a wrong password and an unknown user get the same 401', async () => {
    const tokens = await logIn(shop, ada);
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
    const wrong = await post('login', { email: ada.email, password: 'not hers' });
    const unknown = await post('login', { email: `${randomUUID()}@customers.example`, password: 'not hers' });
    expect(problemOf(wrong)).toEqual([401, 'credentials_invalid']);
    const withoutTrace = ({ body }: typeof wrong): object => ({ ...(body as object), traceId: '' });
    expect(withoutTrace(unknown)).toEqual(withoutTrace(wrong));
  });

  test('an unknown user costs the hash that a wrong password costs, so that time tells nothing', async () => {
    const { opsOrigin } = shop.processes.find(({ modules }) => modules.includes('auth'))!;
    const verified = async (): Promise<number> =>
      Number(/^doubleshot_password_hashes_total\{work="verify"\} (\d+)/m.exec(await (await fetch(`${opsOrigin}/metrics`)).text())?.[1] ?? 0);
    for (const email of [ada.email, `${randomUUID()}@customers.example`]) {
      const before = await verified();
      await post('login', { email, password: 'not hers' });
      expect((await verified()) - before, email).toBe(1);
    }
  });

  test('GET /auth/me tells who the token was issued to, and 401 without one or with a false one', async () => {
    expect((await ada.request(`${API}/auth/me`)).body).toEqual({ user: { id: ada.id, email: ada.email, name: 'Ada Lovelace', role: 'customer' } });
    const missing = await shop.request(`${API}/auth/me`);
    expect([problemOf(missing), missing.headers['www-authenticate']]).toEqual([[401, 'token_missing'], expect.stringMatching(/^Bearer/)]);
    expect(problemOf(await shop.request(`${API}/auth/me`, { token: 'nonsense' }))).toEqual([401, 'token_invalid']);
    const [header, payload, signature = ''] = ada.token.split('.');
    const forged = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(problemOf(await shop.request(`${API}/auth/me`, { token: forged }))).toEqual([401, 'token_invalid']);
  });

  test('refreshing rotates; using a spent token again revokes all that descend from it', async () => {
    const first = await logIn(shop, ada);
    const second = (await refresh(first.refreshToken)).body as typeof first;
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await shop.request(`${API}/auth/me`, { token: second.accessToken })).status).toBe(200);
    const third = (await refresh(second.refreshToken)).body as typeof first;
    expect(problemOf(await refresh(first.refreshToken))).toEqual([401, 'refresh_token_invalid']);
    expect(problemOf(await refresh(third.refreshToken))).toEqual([401, 'refresh_token_invalid']);
    expect(problemOf(await refresh('never given out'))).toEqual([401, 'refresh_token_invalid']);
  });

  test('logging out answers 204 and ends this session alone', async () => {
    const [here, there] = [await logIn(shop, ada), await logIn(shop, ada)];
    expect((await shop.request(`${API}/auth/logout`, { method: 'POST', token: here.accessToken })).status).toBe(204);
    expect(problemOf(await refresh(here.refreshToken))).toEqual([401, 'refresh_token_invalid']);
    expect((await refresh(there.refreshToken)).status).toBe(200);
    expect(problemOf(await shop.request(`${API}/auth/logout`, { method: 'POST' }))).toEqual([401, 'token_missing']);
  });

  test('the key set has public keys alone, may be kept for a while, and holds the key of a token', async () => {
    const answer = await shop.request('/.well-known/jwks.json');
    const { keys } = answer.body as { keys: Record<string, unknown>[] };
    const { kid } = JSON.parse(Buffer.from(ada.token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    expect(keys.map((key) => key['kid'])).toContain(kid);
    expect(keys.flatMap(Object.keys).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].includes(name))).toEqual([]);
    expect(answer.headers['cache-control']).toMatch(/max-age=\d+/);
  });
});
