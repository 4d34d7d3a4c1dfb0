import { afterAll, beforeAll, expect, test } from 'vitest';
import { loggedIn, newSession } from '../testing/people.ts';
import { startAuth, type Answer, type RunningAuth } from '../testing/start-auth.ts';
import { cleanSessions } from './clean-sessions.ts';
import { hashRefreshToken } from './refresh-token.ts';

let auth: RunningAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.close());

const refresh = (refreshToken: string): Promise<Answer> => auth.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } });
const logOut = (token: string, body?: unknown): Promise<Answer> => auth.call('POST', '/api/v1/auth/logout', { token, body });

test('logging out ends the session of the access token, with or without a body, and no other', async () => {
  const { email, ...first } = await newSession(auth);
  const [second, third] = [await loggedIn(auth, email), await loggedIn(auth, email)];
  expect(await logOut(first.accessToken)).toMatchObject({ status: 204, body: undefined });
  expect(await logOut(second.accessToken, {})).toMatchObject({ status: 204 });
  expect((await refresh(first.refreshToken)).status).toBe(401);
  expect((await refresh(second.refreshToken)).status).toBe(401);
  expect((await refresh(third.refreshToken)).status).toBe(200);
});

test('the refresh token of another session of the same user ends that one too', async () => {
  const { email, ...first } = await newSession(auth);
  const second = await loggedIn(auth, email);
  expect((await logOut(first.accessToken, { refreshToken: second.refreshToken })).status).toBe(204);
  expect((await refresh(second.refreshToken)).status).toBe(401);
});

test('the refresh token of somebody else is left alone', async () => {
  const [ada, eve] = [await newSession(auth), await newSession(auth)];
  expect((await logOut(eve.accessToken, { refreshToken: ada.refreshToken })).status).toBe(204);
  expect((await refresh(ada.refreshToken)).status).toBe(200);
});

test('logging out twice, or with an unknown refresh token, is no error; without a token it is', async () => {
  const { accessToken } = await newSession(auth);
  expect((await logOut(accessToken, { refreshToken: 'unknown' })).status).toBe(204);
  expect((await logOut(accessToken)).status).toBe(204);
  expect(await auth.call('POST', '/api/v1/auth/logout')).toMatchObject({ status: 401, body: { code: 'token_missing' } });
});

test('cleaning deletes expired tokens and ended sessions, and leaves the living', async () => {
  const [expired, revoked, living] = [await newSession(auth), await newSession(auth), await newSession(auth)];
  const spent = living.refreshToken;
  const { body } = await refresh(spent);
  await logOut(revoked.accessToken);
  await auth.database.query(`UPDATE auth.sessions SET revoked_at = now() - interval '2 days' WHERE user_id = $1`, [revoked.id]);
  await auth.database.query(`UPDATE auth.sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [expired.id]);
  await auth.database.query(`UPDATE auth.refresh_tokens SET expires_at = now() - interval '1 second' WHERE token_hash = $1`, [hashRefreshToken(spent)]);
  expect(await cleanSessions(auth.database)).toBe(3);
  const owners = await auth.database.query('SELECT user_id FROM auth.sessions WHERE user_id = ANY($1)', [[expired.id, revoked.id, living.id]]);
  expect(owners).toEqual([{ user_id: living.id }]);
  expect((await refresh(body.refreshToken)).status).toBe(200);
  expect(await cleanSessions(auth.database)).toBe(0);
});
