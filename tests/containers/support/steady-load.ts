import { randomUUID } from 'node:crypto';
import { API_BASE, Order } from '@doubleshot/contracts';
import { readMenu, setStock } from '../../../lab/src/audit/stock.ts';
import { createApiClient, type ApiClient, type ApiRequest } from '../../../lab/src/load/api-client.ts';
import { createSession, registerCustomers, type Customer } from '../../../lab/src/load/customers.ts';
import { runPaced } from '../../../lab/src/load/pace.ts';
import type { RunningShop } from '../../../lab/src/topology/shop.ts';

const ENOUGH = 1_000_000;
const CUSTOMERS = 4;

export interface SteadyLoad {
  readonly customers: readonly Customer[];
  readonly sent: number;
  /** Ids of orders that were answered with 201. */
  readonly accepted: readonly string[];
  /** What came instead of the answer that was due, with the time: no request is tried twice. */
  readonly failures: readonly string[];
  /** Resolves when every answer is in. */
  stop(): Promise<void>;
}

/** Orders and menu reads in turn, so many a second whatever the answers do, until it is stopped. */
export async function startSteadyLoad({ baseUrl, staff }: RunningShop, perSecond: number): Promise<SteadyLoad> {
  const api = createApiClient(baseUrl, { connections: perSecond });
  const customers = await registerCustomers(api, CUSTOMERS);
  const menu = await readMenu(api);
  const token = await createSession(api, staff)();
  for (const item of menu) await setStock({ api, token, item, stock: ENOUGH });
  const [accepted, failures]: [string[], string[]] = [[], []];
  const stopped = new AbortController();
  let sent = 0;
  const expectStatus = async (status: number, request: ApiRequest): Promise<unknown> => {
    sent += 1;
    const answer = await api.request(request).catch((error: unknown) => ({ status: String(error), body: undefined }));
    if (answer.status === status) return answer.body;
    failures.push(`${new Date().toISOString()} ${request.method ?? 'GET'} ${request.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return undefined;
  };
  const order = async (customer: Customer, menuItemId: string): Promise<void> => {
    const body = await expectStatus(201, {
      method: 'POST',
      path: `${API_BASE}/orders`,
      token: await customer.token(),
      headers: { 'idempotency-key': randomUUID() },
      body: { items: [{ menuItemId, quantity: 1 }] },
    });
    if (body !== undefined) accepted.push(Order.parse(body).id);
  };
  const work = async (index: number): Promise<void> => {
    const nth = Math.floor(index / 2);
    if (index % 2 === 0) await order(customers[nth % CUSTOMERS]!, menu[nth % menu.length]!.id);
    // One that Nginx keeps, one that goes through to a service.
    else await expectStatus(200, { path: `${API_BASE}/menu${index % 4 === 1 ? '' : '/popular'}` });
  };
  const running = runPaced({ pace: { rate: perSecond }, count: Infinity, signal: stopped.signal, work });
  return { customers, accepted, failures, get sent() { return sent; }, stop: () => end(api, stopped, running) };
}

async function end(api: ApiClient, stopped: AbortController, running: Promise<void>): Promise<void> {
  stopped.abort();
  await running;
  await api.close();
}
