import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hold } from '../../../../tests/setup/hold.ts';
import { loggedIn, newSession } from '../testing/people.ts';
import { startAuth, type Answer, type RunningAuth } from '../testing/start-auth.ts';
import { hashRefreshToken, newRefreshToken } from './refresh-token.ts';

const PATH = '/api/v1/auth/refresh';
const REFUSED = { status: 401, body: { code: 'refresh_token_invalid' } };

let auth: RunningAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.close());

const refresh = (refreshToken: string, at = auth): Promise<Answer> => at.call('POST', PATH, { body: { refreshToken } });

async function rotated(refreshToken: string): Promise<string> {
  const answer = await refresh(refreshToken);
  expect(answer.status).toBe(200);
  return answer.body.refreshToken;
}

async function reuses(at = auth): Promise<number> {
  const { values } = await at.metrics.getSingleMetric('doubleshot_refresh_token_reuses_total')!.get();
  return values[0]?.value ?? 0;
}

/** As if a token had been spent longer ago. */
async function age(refreshToken: string, seconds: number): Promise<void> {
  await auth.database.query(`UPDATE auth.refresh_tokens SET spent_at = spent_at - $2 * interval '1 second' WHERE token_hash = $1`, [
    hashRefreshToken(refreshToken),
    seconds,
  ]);
}

async function unspentTokens(userId: string): Promise<number> {
  const rows = await auth.database.query(
    'SELECT 1 FROM auth.refresh_tokens t JOIN auth.sessions s ON s.id = t.session_id WHERE s.user_id = $1 AND s.revoked_at IS NULL AND t.spent_at IS NULL',
    [userId],
  );
  return rows.length;
}

describe('refresh', () => {
  test('gives a new pair of the same session', async () => {
    const { id, accessToken, refreshToken } = await newSession(auth);
    const answer = await refresh(refreshToken);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String), tokenType: 'Bearer', expiresIn: 900 });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body.refreshToken).not.toBe(refreshToken);
    expect(answer.body.accessToken).not.toBe(accessToken);
    const [before, after] = await Promise.all([accessToken, answer.body.accessToken].map((token) => auth.verifier.verify(`Bearer ${token}`)));
    expect(after).toMatchObject({ userId: id, sessionId: before?.sessionId });
  });

  test('of a token, only its SHA-256 is stored', async () => {
    const { refreshToken } = await newSession(auth);
    const next = await rotated(refreshToken);
    const dump = JSON.stringify(await auth.database.query('SELECT * FROM auth.refresh_tokens JOIN auth.sessions ON id = session_id'));
    for (const token of [refreshToken, next]) {
      expect(dump).not.toContain(token);
      expect(dump).not.toContain(JSON.stringify(Buffer.from(token, 'base64url')));
      expect(await auth.database.query('SELECT 1 FROM auth.refresh_tokens WHERE token_hash = $1', [hashRefreshToken(token)])).toHaveLength(1);
    }
  });

  test('while the database holds it up, answers 503 within about a second, and the token stays good', async () => {
    const { id, refreshToken } = await newSession(auth);
    const release = await hold((held) => auth.database.transaction(async (transaction) => {
      await transaction.query('SELECT 1 FROM auth.sessions WHERE user_id = $1 FOR UPDATE', [id]);
      await held();
    }));
    const sinceMs = performance.now();
    expect((await refresh(refreshToken)).status).toBe(503);
    expect(performance.now() - sinceMs).toBeLessThan(1_500);
    await release();
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test('an unknown token gives 401 and a missing one 400', async () => {
    expect(await refresh(newRefreshToken())).toMatchObject(REFUSED);
    expect(await refresh('\0 not a token')).toMatchObject(REFUSED);
    expect(await auth.call('POST', PATH, { body: {} })).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  test('an expired token gives 401', async () => {
    const { refreshToken } = await newSession(auth);
    await auth.database.query('UPDATE auth.refresh_tokens SET expires_at = now() WHERE token_hash = $1', [hashRefreshToken(refreshToken)]);
    expect(await refresh(refreshToken)).toMatchObject(REFUSED);
  });

  test('a change of role takes effect with the next pair', async () => {
    const { id, refreshToken } = await newSession(auth);
    await auth.database.query(`UPDATE auth.users SET role = 'staff' WHERE id = $1`, [id]);
    const { body } = await refresh(refreshToken);
    expect(await auth.verifier.verify(`Bearer ${body.accessToken}`)).toMatchObject({ role: 'staff' });
  });
});

describe('a spent token that comes back', () => {
  test('after its successor was used, revokes every token of its log-in and none of another', async () => {
    const { email, refreshToken } = await newSession(auth);
    const other = await loggedIn(auth, email);
    const newest = await rotated(await rotated(refreshToken));
    const before = await reuses();
    expect(await refresh(refreshToken)).toMatchObject(REFUSED);
    expect(await refresh(newest)).toMatchObject(REFUSED);
    expect((await reuses()) - before).toBe(1);
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  test('after the retry window, revokes too', async () => {
    const { refreshToken } = await newSession(auth);
    const next = await rotated(refreshToken);
    await age(refreshToken, 11);
    expect(await refresh(refreshToken)).toMatchObject(REFUSED);
    expect(await refresh(next)).toMatchObject(REFUSED);
  });

  test('within the window, with its successor unused, gives the successor again: the reply was lost', async () => {
    const { id, refreshToken } = await newSession(auth);
    const lost = await refresh(refreshToken);
    await age(refreshToken, 9);
    const again = await refresh(refreshToken);
    expect(again.status).toBe(200);
    expect(again.body.refreshToken).toBe(lost.body.refreshToken);
    expect(again.body.accessToken).not.toBe(lost.body.accessToken);
    expect(await unspentTokens(id)).toBe(1);
    expect((await refresh(again.body.refreshToken)).status).toBe(200);
  });

  test('the successor of a successor can be lost as well', async () => {
    const { refreshToken } = await newSession(auth);
    const second = await rotated(refreshToken);
    const third = await rotated(second);
    expect(await rotated(second)).toBe(third);
    expect(await rotated(third)).not.toBe(third);
  });

  test('a thief who retries within the window is found out when the owner goes on', async () => {
    const { refreshToken } = await newSession(auth);
    const owners = await rotated(refreshToken);
    const thiefs = await rotated(refreshToken);
    const next = await rotated(owners);
    await rotated(next);
    expect(await refresh(thiefs)).toMatchObject(REFUSED);
    expect(await refresh(next)).toMatchObject(REFUSED);
  });

  test('with a window of 0, revokes at once', async () => {
    const strict = await startAuth({ environment: { REFRESH_RETRY_WINDOW_SECONDS: '0' } });
    try {
      const { refreshToken } = await newSession(strict);
      const next = await refresh(refreshToken, strict);
      expect(next.status).toBe(200);
      expect(await refresh(refreshToken, strict)).toMatchObject(REFUSED);
      expect(await refresh(next.body.refreshToken, strict)).toMatchObject(REFUSED);
      expect(await reuses(strict)).toBe(1);
    } finally {
      await strict.close();
    }
  });
});

describe('20 refreshes with one token at once', () => {
  test('all get the one valid successor', async () => {
    const { id, refreshToken } = await newSession(auth);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const successors = new Set(answers.map(({ body }) => body.refreshToken));
    expect(successors.size).toBe(1);
    expect(await unspentTokens(id)).toBe(1);
    const successor = answers[0]!.body.refreshToken;
    expect(await rotated(successor)).not.toBe(successor);
    expect(await unspentTokens(id)).toBe(1);
  });

  test('without a retry window, one gets a successor and the family is revoked', async () => {
    const strict = await startAuth({ environment: { REFRESH_RETRY_WINDOW_SECONDS: '0' } });
    try {
      const { refreshToken } = await newSession(strict);
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken, strict)));
      const good = answers.filter(({ status }) => status === 200);
      expect(good).toHaveLength(1);
      expect(await reuses(strict)).toBe(1);
      expect(await refresh(good[0]!.body.refreshToken, strict)).toMatchObject(REFUSED);
    } finally {
      await strict.close();
    }
  });

  test('by two processes, all get the one valid successor', async () => {
    const second = await startAuth({ databaseUrl: auth.url });
    try {
      const { id, refreshToken } = await newSession(auth);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => refresh(refreshToken, index % 2 === 0 ? auth : second)));
      expect(new Set(answers.map(({ status, body }) => `${status} ${body.refreshToken}`)).size).toBe(1);
      expect(await unspentTokens(id)).toBe(1);
    } finally {
      await second.close();
    }
  });
});
