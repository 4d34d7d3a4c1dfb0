import { API_BASE, TokenPair, User } from '@doubleshot/contracts';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ApiRefusal } from './api-refusal.ts';
import type { ApiClient } from './api-client.ts';
import { patiently } from './patiently.ts';

/** Somebody who is registered. */
export interface Customer {
  id: string;
  email: string;
  /** A valid access token; logs in again shortly before the old one ends. */
  token(): Promise<string>;
}

export interface RegisteredCustomer extends Customer {
  password: string;
}

const RENEW_BEFORE_END_MS = 30_000;
// Hashing a password is slow on purpose; more at once than this only queue in the shop.
const REGISTRATIONS_AT_ONCE = 4;

/** Registers `count` new customers and logs them in. */
export async function registerCustomers(api: ApiClient, count: number): Promise<RegisteredCustomer[]> {
  const customers: RegisteredCustomer[] = [];
  const run = randomUUID().slice(0, 8);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) {
      // Another name each time: the account may have been made all the same.
      customers[number] = await patiently((tries) => register(api, `load-${run}-${number}-${tries}`));
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, REGISTRATIONS_AT_ONCE) }, worker));
  return customers;
}

async function register(api: ApiClient, name: string): Promise<RegisteredCustomer> {
  const email = `${name}@customers.doubleshot.test`;
  const password = randomUUID();
  const answer = await api.request({ method: 'POST', path: `${API_BASE}/auth/register`, body: { email, password, name } });
  if (answer.status !== 201) throw new ApiRefusal('registering a customer', answer);
  const { user } = z.object({ user: User }).parse(answer.body);
  const customer = { id: user.id, email, password, token: createSession(api, { email, password }) };
  await customer.token();
  return customer;
}

/** Answers an access token that is valid for a while, logging in when needed. */
export function createSession(api: ApiClient, credentials: { email: string; password: string }): () => Promise<string> {
  let current: { token: string; renewAt: number } | undefined;
  let running: Promise<string> | undefined;
  const logIn = async (): Promise<string> => {
    const answer = await api.request({ method: 'POST', path: `${API_BASE}/auth/login`, body: credentials });
    if (answer.status !== 200) throw new ApiRefusal('logging in', answer);
    const pair = TokenPair.parse(answer.body);
    const life = pair.expiresIn * 1000;
    current = { token: pair.accessToken, renewAt: performance.now() + Math.max(life / 2, life - RENEW_BEFORE_END_MS) };
    return pair.accessToken;
  };
  return () => {
    if (current !== undefined && performance.now() < current.renewAt) return Promise.resolve(current.token);
    running ??= logIn().finally(() => { running = undefined; });
    return running;
  };
}
