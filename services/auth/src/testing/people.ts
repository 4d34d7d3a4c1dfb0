import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { RunningAuth } from './start-auth.ts';

export const PASSWORD = 'flat-white-42';

export interface Pair {
  accessToken: string;
  refreshToken: string;
}

/** An e-mail address nobody has. */
export function newEmail(): string {
  return `ada.${randomUUID()}@example.com`;
}

/** Registers somebody new. */
export async function registered(auth: RunningAuth): Promise<{ id: string; email: string }> {
  const answer = await auth.call('POST', '/api/v1/auth/register', { body: { email: newEmail(), password: PASSWORD, name: 'Ada' } });
  expect(answer.status).toBe(201);
  return answer.body.user;
}

export async function loggedIn(auth: RunningAuth, email: string, password = PASSWORD): Promise<Pair> {
  const answer = await auth.call('POST', '/api/v1/auth/login', { body: { email, password } });
  expect(answer.status).toBe(200);
  return answer.body;
}

/** Somebody new, logged in. */
export async function newSession(auth: RunningAuth): Promise<Pair & { id: string; email: string }> {
  const person = await registered(auth);
  return { ...person, ...(await loggedIn(auth, person.email)) };
}
