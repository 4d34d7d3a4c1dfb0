import { expect, test, vi } from 'vitest';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { loggedIn, PASSWORD } from '../testing/people.ts';
import { startAuth, type Answer, type RunningAuth } from '../testing/start-auth.ts';

const EMAIL = 'Staff@Example.com';
const staff = (password: string) => ({ STAFF_EMAIL: EMAIL, STAFF_PASSWORD: password });
const users = (auth: RunningAuth) => auth.database.query('SELECT email, role FROM auth.users');
const logIn = (auth: RunningAuth, password: string): Promise<Answer> => auth.call('POST', '/api/v1/auth/login', { body: { email: EMAIL, password } });

async function withAuth(databaseUrl: string, environment: Record<string, string>, use: (auth: RunningAuth) => Promise<void>): Promise<void> {
  const auth = await startAuth({ databaseUrl, environment });
  try {
    await use(auth);
  } finally {
    await auth.close();
  }
}

test('the staff user is made at the first start, told of once, and left alone at the second', async () => {
  const url = await createTestDatabase();
  await withAuth(url, staff('espresso-01'), async (auth) => {
    await vi.waitFor(() => expect(auth.told).toHaveLength(1));
    expect(auth.told[0]).toMatchObject({ type: 'user.registered.v1', data: { email: EMAIL, role: 'staff' } });
    const { accessToken } = await loggedIn(auth, EMAIL, 'espresso-01');
    expect(await auth.verifier.verify(`Bearer ${accessToken}`)).toMatchObject({ role: 'staff' });
  });
  await withAuth(url, staff('espresso-01'), async (auth) => {
    expect(await users(auth)).toEqual([{ email: EMAIL, role: 'staff' }]);
    expect((await logIn(auth, 'espresso-01')).status).toBe(200);
    expect(await auth.database.query('SELECT 1 FROM auth.outbox')).toHaveLength(0);
    expect(auth.told).toHaveLength(0);
  });
});

test('another password in the configuration replaces the old one and ends its sessions', async () => {
  const url = await createTestDatabase();
  let refreshToken = '';
  await withAuth(url, staff('espresso-01'), async (auth) => {
    ({ refreshToken } = await loggedIn(auth, EMAIL, 'espresso-01'));
  });
  await withAuth(url, staff('espresso-02'), async (auth) => {
    expect((await logIn(auth, 'espresso-01')).status).toBe(401);
    expect((await logIn(auth, 'espresso-02')).status).toBe(200);
    expect((await auth.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
  });
});

test('a customer who had the address before becomes staff with the configured password', async () => {
  const url = await createTestDatabase();
  await withAuth(url, {}, async (auth) => {
    const body = { email: EMAIL.toLowerCase(), password: PASSWORD, name: 'Eve' };
    expect((await auth.call('POST', '/api/v1/auth/register', { body })).status).toBe(201);
  });
  await withAuth(url, staff('espresso-01'), async (auth) => {
    expect(await users(auth)).toEqual([{ email: EMAIL.toLowerCase(), role: 'staff' }]);
    expect((await logIn(auth, PASSWORD)).status).toBe(401);
    expect((await logIn(auth, 'espresso-01')).status).toBe(200);
  });
});

test('two processes that start at once make one staff user', async () => {
  const databaseUrl = await createTestDatabase();
  const both = await Promise.all([1, 2].map(() => startAuth({ databaseUrl, environment: staff('espresso-01') })));
  try {
    expect(await users(both[0]!)).toHaveLength(1);
    await vi.waitFor(() => expect(both.flatMap(({ told }) => told)).toHaveLength(1));
  } finally {
    await Promise.all(both.map((auth) => auth.close()));
  }
});

test('half a staff user is refused', async () => {
  await expect(startAuth({ environment: { STAFF_EMAIL: EMAIL } })).rejects.toThrow('STAFF_PASSWORD is missing: STAFF_EMAIL is set');
});
