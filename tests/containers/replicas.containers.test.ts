import { setTimeout as sleep } from 'node:timers/promises';
import { API_BASE } from '@doubleshot/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observeNotifications } from '../../lab/src/audit/observe-customer.ts';
import { parsePrometheusText } from '../../lab/src/audit/prometheus-text.ts';
import { docker } from '../../lab/src/containers/docker.ts';
import { endedContainers } from '../../lab/src/containers/ended-containers.ts';
import { rollingRestart } from '../../lab/src/containers/rolling-restart.ts';
import { startContainerShops, type ContainerShop, type RunningContainerShops } from '../../lab/src/containers/start-container-shops.ts';
import { readEnvironment } from '../../lab/src/environment.ts';
import { createApiClient } from '../../lab/src/load/api-client.ts';
import { runPaced } from '../../lab/src/load/pace.ts';
import type { ShopProcess } from '../../lab/src/topology/shop.ts';
import { nginxRun, type NginxVariables } from './support/nginx-run.ts';
import { startSteadyLoad } from './support/steady-load.ts';

const START_TIMEOUT_MS = 600_000;
const TEST_TIMEOUT_MS = 300_000;
const LOOKS = { timeout: 60_000, interval: 250 };
/** Answered by the orders service, never by the cache of Nginx. */
const POPULAR = `${API_BASE}/menu/popular`;
const ROUNDS = Number(readEnvironment()['ROLLING_RESTARTS'] ?? 2);
const LOAD_PER_SECOND = 20;

let running: RunningContainerShops;

beforeAll(async () => {
  running = await startContainerShops(['monolith', 'microservices'], {
    replicas: { monolith: 2, gateway: 2, auth: 2, orders: 3, notifications: 2 },
    env: { RATE_LIMIT_PER_SECOND: '0', NGINX_RATE_PER_SECOND: '1000000', BREW_TIME_SCALE: '0', LOG_LEVEL: 'warn' },
  });
}, START_TIMEOUT_MS);
afterAll(() => running.stop());

function shop(name: string): ContainerShop {
  return running.shops.find((each) => each.name === name)!;
}

function replicas(name: string): ShopProcess[] {
  return running.shops.flatMap(({ processes }) => processes).filter((process) => process.name === name);
}

/** Requests that a process has answered on a route since it started. */
async function answered({ opsOrigin }: ShopProcess, route = POPULAR): Promise<number> {
  const samples = parsePrometheusText(await (await fetch(`${opsOrigin}/metrics`)).text());
  return samples.filter(({ name, labels }) => name === 'http_server_request_duration_seconds_count' && labels['route'] === route).reduce((sum, { value }) => sum + value, 0);
}

/** Sends requests, some at a time; answers which share of them each of the processes got. */
async function sharesOf(processes: readonly ShopProcess[], { origin, count }: { origin: string; count: number }): Promise<number[]> {
  const counts = (): Promise<number[]> => Promise.all(processes.map((process) => answered(process)));
  const before = await counts();
  const api = createApiClient(origin);
  await runPaced({ pace: { concurrency: 16 }, count, work: async () => { expect((await api.request({ path: POPULAR })).status).toBe(200); } });
  await api.close();
  await expect.poll(async () => (await counts()).reduce((sum, after, index) => sum + after - before[index]!, 0), LOOKS).toBe(count);
  return (await counts()).map((after, index) => (after - before[index]!) / count);
}

function expectShares(shares: readonly number[], ideal: readonly number[], tolerance: number): void {
  for (const [index, share] of shares.entries()) {
    expect(Math.abs(share - ideal[index]!), `shares ${shares.map((each) => each.toFixed(3)).join(', ')}`).toBeLessThanOrEqual(ideal[index]! * tolerance);
  }
}

test('two gateways get half of the requests each, three orders services a third', async () => {
  const { baseUrl } = shop('microservices');
  const orders = replicas('orders');
  const before = await Promise.all(orders.map((process) => answered(process)));
  expectShares(await sharesOf(replicas('gateway'), { origin: baseUrl, count: 3_000 }), [1 / 2, 1 / 2], 0.1);
  const after = await Promise.all(orders.map((process) => answered(process)));
  expectShares(after.map((count, index) => (count - before[index]!) / 3_000), [1 / 3, 1 / 3, 1 / 3], 0.25);
}, TEST_TIMEOUT_MS);

describe('another Nginx in front of two monoliths', () => {
  const [ONE, OTHER] = ['monolith-1:8080', 'monolith-2:8080'];

  async function sharesBehind(balance: string, weight: number): Promise<number[]> {
    const monolith = `server ${running.project}-${ONE} weight=${weight}; server ${running.project}-${OTHER};`;
    const variables: NginxVariables = { balance, monolith };
    const id = (await docker(nginxRun(variables, ['--detach', `--network=${running.project}_default`, '--publish=127.0.0.1::8081']))).trim();
    try {
      const origin = `http://${(await docker(['port', id, '8081/tcp'])).trim()}`;
      await expect.poll(() => fetch(origin + POPULAR).then(({ status }) => status, () => 0), LOOKS).toBe(200);
      return await sharesOf(replicas('monolith'), { origin, count: 800 });
    } finally {
      await docker(['rm', '--force', id]);
    }
  }

  test('round_robin gives both the same, and with weights of 3 and 1 one of them three times as much', async () => {
    expectShares(await sharesBehind('round_robin', 1), [1 / 2, 1 / 2], 0.05);
    expectShares(await sharesBehind('round_robin', 3), [3 / 4, 1 / 4], 0.05);
  }, TEST_TIMEOUT_MS);

  // The busier one gets less: how much, the machine decides.
  test.each(['least_conn', 'random'])('%s gives each its part, the larger one to the heavier', async (balance) => {
    for (const share of await sharesBehind(balance, 1)) expect(share).toBeGreaterThan(0.2);
    const [heavy = 0, light = 0] = await sharesBehind(balance, 3);
    expect(heavy).toBeGreaterThan(light);
    expect(light).toBeGreaterThan(0);
  }, TEST_TIMEOUT_MS);

  test('ip_hash gives one of them everything that comes from one address', async () => {
    expect((await sharesBehind('ip_hash', 1)).toSorted()).toEqual([0, 1]);
  }, TEST_TIMEOUT_MS);
});

describe('one of two monoliths is killed', () => {
  test('no read fails meanwhile, and it gets its share again once it is back', async () => {
    const [victim] = replicas('monolith');
    const api = createApiClient(shop('monolith').baseUrl);
    const over = new AbortController();
    const statuses = new Map<unknown, number>();
    const count = (status: unknown): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const load = runPaced({ pace: { rate: 50 }, count: Infinity, signal: over.signal, work: async () => { count(await api.request({ path: POPULAR }).then(({ status }) => status, String)); } });
    await sleep(1_000);
    await victim!.kill('SIGKILL');
    await sleep(5_000);
    await victim!.restart();
    await expect.poll(() => answered(victim!), LOOKS).toBeGreaterThan(0);
    over.abort();
    await load;
    await api.close();
    expect([...statuses.keys()]).toEqual([200]);
    expectShares(await sharesOf(replicas('monolith'), { origin: shop('monolith').baseUrl, count: 800 }), [1 / 2, 1 / 2], 0.15);
  }, TEST_TIMEOUT_MS);

  test('a request that changes something and had been sent to it is not sent to the other, one that had not is', async () => {
    const [victim] = replicas('monolith');
    const api = createApiClient(shop('monolith').baseUrl, { connections: 40, timeoutMs: 60_000 });
    const register = async (email: string): Promise<number> => (await api.request({ method: 'POST', path: `${API_BASE}/auth/register`, body: { email, password: 'correct horse battery', name: 'Ada' } })).status;
    const emails = Array.from({ length: 20 }, (_, n) => `failover-${n}@example.com`);
    await docker(['pause', victim!.log]);
    const answers = emails.map(async (email) => ({ email, status: await register(email) }));
    await sleep(3_000);
    await victim!.kill('SIGKILL');
    const statuses = await Promise.all(answers);
    const cut = statuses.filter(({ status }) => status === 502).map(({ email }) => email);
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([201, 502]));
    const later = await Promise.all(Array.from({ length: 10 }, (_, n) => register(`later-${n}@example.com`)));
    expect(new Set(later)).toEqual(new Set([201]));
    await victim!.restart();
    // Nobody has made these accounts meanwhile.
    expect(new Set(await Promise.all(cut.map(register)))).toEqual(new Set([201]));
    await api.close();
  }, TEST_TIMEOUT_MS);
});

describe.each(['monolith', 'microservices'])('while every process of the %s is restarted, one replica after the other', (name) => {
  test('no request fails and every order that was accepted is notified once', async () => {
    const { processes, mail, ...rest } = shop(name);
    const load = await startSteadyLoad({ processes, mail, ...rest }, LOAD_PER_SECOND);
    await rollingRestart(processes, { rounds: ROUNDS });
    await load.stop();
    expect(load.failures).toEqual([]);
    const api = createApiClient(rest.baseUrl);
    const notified = async (): Promise<string[]> => (await Promise.all(load.customers.map((customer) => observeNotifications(api, customer)))).flat().map(({ orderId }) => orderId);
    await expect.poll(async () => (await notified()).toSorted(), LOOKS).toEqual(load.accepted.toSorted());
    await api.close();
    process.stdout.write(`${name}: ${ROUNDS} rounds of ${processes.length} restarts, ${load.sent} requests, ${load.accepted.length} orders, ${load.failures.length} failed\n`);
  }, START_TIMEOUT_MS + ROUNDS * TEST_TIMEOUT_MS);
});

// The last one: behind the load of all others.
test('every process, every engine and Nginx has kept within its memory, and none has ended by itself', async () => {
  expect(await endedContainers(running.project)).toEqual([]);
});
