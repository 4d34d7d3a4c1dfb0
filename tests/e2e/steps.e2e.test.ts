import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stepsOf } from '../../lab/src/faults/steps.ts';
import { createApiClient } from '../../lab/src/load/api-client.ts';
import { registerCustomers } from '../../lab/src/load/customers.ts';
import { startShop } from '../../lab/src/topology/start-shop.ts';
import type { Shop } from '../../lab/src/topology/shop.ts';
import { API, ESPRESSO } from './support/customer.ts';

const RECORDER = pathToFileURL(join(import.meta.dirname, 'support', 'record-steps.ts')).href;
/** Statements of adapters that stand on PostgreSQL. */
const OF_ADAPTERS = /^(before|after) (commit of )?(event_log|boss)\./;

async function listOf(path: string): Promise<string[]> {
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  return [...new Set(lines)].filter((step) => step !== '' && !OF_ADAPTERS.test(step)).sort();
}

async function orderAnEspresso(shop: Shop): Promise<void> {
  const api = createApiClient(shop.baseUrl);
  onTestFinished(() => api.close());
  const [customer] = await registerCustomers(api, 1);
  const order = { method: 'POST', path: `${API}/orders`, body: { items: [{ menuItemId: ESPRESSO, quantity: 1 }] } } as const;
  const answer = await api.request({ ...order, token: await customer!.token(), headers: { 'idempotency-key': randomUUID() } });
  expect(answer.status).toBe(201);
  await expect.poll(() => shop.mail.to(customer!.email).length, { timeout: 30_000 }).toBe(1);
}

describe('the steps of docs/steps.md', () => {
  test.each(['monolith', 'microservices'])('are those that one order passes in %s', async (topology) => {
    const folder = await mkdtemp(join(tmpdir(), 'doubleshot-steps-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const fileOf = (name: string): string => join(folder, `${name}.txt`);
    const shop = await startShop({ topology, env: ({ name }) => ({ BREW_TIME_SCALE: '0', LOG_LEVEL: 'warn', NODE_OPTIONS: `--import ${RECORDER}`, STEPS_FILE: fileOf(name) }) });
    onTestFinished(() => shop.stop());
    await orderAnEspresso(shop);
    const documented = await readFile(join(import.meta.dirname, '../../docs/steps.md'), 'utf8');
    for (const group of shop.topology.processes) {
      const listed = stepsOf(group, shop.topology);
      expect(listed.filter((step) => !documented.includes(`\`${step}\``))).toEqual([]);
      // The last ones may still be passed when the e-mail is there. Those of a registration are not an order's.
      const ofAnOrder = async (): Promise<string[]> => (await listOf(fileOf(group.name))).filter((step) => !/auth[-.]|users\.v1|remember-contact/.test(step));
      await expect.poll(ofAnOrder, { timeout: 20_000 }).toEqual([...listed].sort());
    }
  });
});
