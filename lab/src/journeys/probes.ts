import { API_BASE, Problem } from '@doubleshot/contracts';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient, type ApiClient, type ApiRequest } from '../load/api-client.ts';
import { patiently } from '../load/patiently.ts';
import type { Customer } from '../load/customers.ts';
import { ApiRefusal } from '../load/api-refusal.ts';
import { errorCode } from '../load/place-order.ts';
import type { Attempt, Journey } from './journey.ts';

const EVERY_MS = 200;
const TIMEOUT_MS = 5_000;
const OK = 200;

/** Somebody who tries the journeys that place no order, again and again. */
export interface Probes {
  stop(): Promise<void>;
}

export interface ProbesOptions {
  baseUrl: string;
  /** Who looks at their orders. */
  customer: Customer;
  onAttempt: (attempt: Attempt) => void;
}

/** Registers a customer of their own, then tries each journey five times a second until stopped. */
export async function startProbes({ baseUrl, customer, onAttempt }: ProbesOptions): Promise<Probes> {
  const api = createApiClient(baseUrl, { timeoutMs: TIMEOUT_MS, connections: 32 });
  const credentials = await patiently(async () => {
    const account = { email: `probe-${randomUUID()}@customers.doubleshot.test`, password: randomUUID() };
    const answer = await api.request({ method: 'POST', path: `${API_BASE}/auth/register`, body: { ...account, name: 'Probe' } });
    if (answer.status !== 201) throw new ApiRefusal('registering a probe', answer);
    return account;
  });
  await customer.token();
  const requests: readonly (readonly [Journey, () => Promise<ApiRequest>])[] = [
    ['menu', () => Promise.resolve({ path: `${API_BASE}/menu` })],
    ['log in', () => Promise.resolve({ method: 'POST', path: `${API_BASE}/auth/login`, body: credentials })],
    // A long trial outlives a token.
    ['look', async () => ({ path: `${API_BASE}/orders?limit=5`, token: await customer.token() })],
  ];
  const stopped = new AbortController();
  const running = requests.map(async ([journey, request]) => {
    const tries: Promise<void>[] = [];
    while (!stopped.signal.aborted) {
      tries.push(attempt(api, request).then((result) => { onAttempt({ journey, ...result }); }));
      await sleep(EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
    await Promise.all(tries);
  });
  return {
    stop: async () => {
      stopped.abort();
      await Promise.all(running);
      await api.close();
    },
  };
}

async function attempt(api: ApiClient, request: () => Promise<ApiRequest>): Promise<Omit<Attempt, 'journey'>> {
  const startedAt = performance.now();
  try {
    const { status, body } = await api.request(await request());
    const problem = Problem.safeParse(body);
    return { startedAt, endedAt: performance.now(), ok: status === OK, answer: problem.success ? problem.data.code : String(status) };
  } catch (error) {
    return { startedAt, endedAt: performance.now(), ok: false, answer: errorCode(error) };
  }
}
