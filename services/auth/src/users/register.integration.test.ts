import { UserRegistered } from '@doubleshot/contracts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newEmail, PASSWORD } from '../testing/people.ts';
import { startAuth, type RunningAuth } from '../testing/start-auth.ts';

const PATH = '/api/v1/auth/register';

describe('register', () => {
  let auth: RunningAuth;
  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.close());

  test('a new address gives 201 with the customer, and the fact is told once', async () => {
    const email = newEmail();
    const answer = await auth.call('POST', PATH, { body: { email, password: PASSWORD, name: 'Ada' } });
    expect(answer.status).toBe(201);
    const { user } = answer.body;
    expect(answer.body).toEqual({ user: { id: expect.any(String), email, name: 'Ada', role: 'customer' } });
    const toldOf = () => auth.told.filter(({ subject }) => subject === user.id);
    await vi.waitFor(() => expect(toldOf()).toHaveLength(1));
    expect(UserRegistered.schema.parse(toldOf()[0]).data).toEqual({ userId: user.id, email, name: 'Ada', role: 'customer' });
  });

  test('the password is stored as argon2id alone', async () => {
    const email = newEmail();
    await auth.call('POST', PATH, { body: { email, password: PASSWORD, name: 'Ada' } });
    const [row] = await auth.database.query('SELECT * FROM auth.users WHERE email = $1', [email]);
    expect(row?.['password_hash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(row)).not.toContain(PASSWORD);
  });

  test('an address that is taken, in whichever case, gives 409 and tells nothing', async () => {
    const email = newEmail();
    await auth.call('POST', PATH, { body: { email, password: PASSWORD, name: 'Ada' } });
    const again = await auth.call('POST', PATH, { body: { email: email.toUpperCase(), password: 'another-password', name: 'Eve' } });
    expect(again).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    await vi.waitFor(async () => expect(await auth.database.query('SELECT 1 FROM auth.outbox')).toHaveLength(0));
    expect(auth.told.filter(({ data }) => (data as { email: string }).email.toLowerCase() === email)).toHaveLength(1);
  });

  test('of 10 people who register one address at once, one gets it', async () => {
    const email = newEmail();
    const answers = await Promise.all(Array.from({ length: 10 }, () => auth.call('POST', PATH, { body: { email, password: PASSWORD, name: 'Ada' } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
  });

  test.each([
    ['no e-mail address', { email: 'nobody', password: PASSWORD, name: 'Ada' }, '/email'],
    ['a short password', { email: 'ada@example.com', password: 'short', name: 'Ada' }, '/password'],
    ['a name with control characters', { email: 'ada@example.com', password: PASSWORD, name: 'A\r\nBcc: x' }, '/name'],
    ['a role of one’s choice', { email: 'ada@example.com', password: PASSWORD, name: 'Ada', role: 'staff' }, ''],
  ])('%s gives 400', async (_what, body, at) => {
    const answer = await auth.call('POST', PATH, { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ in: 'body', at: expect.stringContaining(at) }] } });
  });

  test('a body that is no JSON gives 400, another method 405', async () => {
    expect(await auth.call('POST', PATH, { body: '{"email":' })).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    expect(await auth.call('GET', PATH)).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  });
});

test('when the fact cannot be written, neither is the user', async () => {
  const auth = await startAuth();
  try {
    await auth.database.query('ALTER TABLE auth.outbox ADD CONSTRAINT refuse_all CHECK (false) NOT VALID');
    const answer = await auth.call('POST', PATH, { body: { email: newEmail(), password: PASSWORD, name: 'Ada' } });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(await auth.database.query('SELECT 1 FROM auth.users')).toHaveLength(0);
  } finally {
    await auth.close();
  }
});

test('more passwords than may wait give 503 with Retry-After, and the others an answer', async () => {
  const auth = await startAuth({ environment: { PASSWORD_HASH_CONCURRENCY: '1', PASSWORD_HASH_QUEUE_LIMIT: '2' } });
  try {
    const register = () => auth.call('POST', PATH, { body: { email: newEmail(), password: PASSWORD, name: 'Ada' } });
    const answers = await Promise.all(Array.from({ length: 20 }, register));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(3);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 503]));
    for (const { body, headers } of refused) {
      expect(body.code).toBe('overloaded');
      expect(headers.get('retry-after')).toBe('1');
    }
    expect((await register()).status).toBe(201);
  } finally {
    await auth.close();
  }
});
