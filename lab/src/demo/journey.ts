import { API_BASE, Menu, NotificationPage, Order } from '@doubleshot/contracts';
import { randomUUID } from 'node:crypto';
import { ApiRefusal } from '../load/api-refusal.ts';
import { createApiClient, type ApiClient } from '../load/api-client.ts';
import { registerCustomers, type Customer } from '../load/customers.ts';

/** A customer at one brew's counter. Close it when the coffee is drunk. */
export interface Journey {
  customer: Customer;
  /** Places an order of one drink; with `wait` the answer comes when it is ready. */
  order(drink: string, options?: { wait?: number }): Promise<{ order: Order; etag: string }>;
  /** Answers the order, or undefined when it has not changed; with `wait` it answers at the next change. */
  read(orderId: string, options?: { unless?: string; wait?: number }): Promise<{ order: Order; etag: string } | undefined>;
  /** Titles of stored notifications about an order. */
  notificationsAbout(orderId: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 40_000;

export async function startJourney(baseUrl: string): Promise<Journey> {
  const api = createApiClient(baseUrl, { timeoutMs: TIMEOUT_MS });
  try {
    const [customer] = await registerCustomers(api, 1);
    if (customer === undefined) throw new TypeError('no customer was registered');
    const menu = Menu.parse((await expecting(api, 'reading the menu', [200], { path: `${API_BASE}/menu` })).body);
    return journeyOf(api, customer, menu);
  } catch (error) {
    await api.close();
    throw error;
  }
}

function journeyOf(api: ApiClient, customer: Customer, menu: Menu): Journey {
  const call = async (what: string, statuses: readonly number[], request: Parameters<ApiClient['request']>[0]): ReturnType<ApiClient['request']> =>
    expecting(api, what, statuses, { ...request, token: await customer.token() });
  return {
    customer,
    async order(drink, { wait } = {}) {
      const item = menu.items.find(({ name }) => name === drink) ?? menu.items[0];
      if (item === undefined) throw new TypeError('the menu is empty');
      const answer = await call('placing an order', [201], {
        method: 'POST',
        path: `${API_BASE}/orders`,
        headers: { 'idempotency-key': randomUUID(), ...preference(wait) },
        body: { items: [{ menuItemId: item.id, quantity: 1 }] },
      });
      return { order: Order.parse(answer.body), etag: String(answer.headers['etag']) };
    },
    async read(orderId, { unless, wait } = {}) {
      const headers = { ...preference(wait), ...(unless === undefined ? {} : { 'if-none-match': unless }) };
      const answer = await call('reading an order', [200, 304], { path: `${API_BASE}/orders/${orderId}`, headers });
      return answer.status === 304 ? undefined : { order: Order.parse(answer.body), etag: String(answer.headers['etag']) };
    },
    async notificationsAbout(orderId) {
      const { body } = await call('reading notifications', [200], { path: `${API_BASE}/notifications?limit=100` });
      return NotificationPage.parse(body).items.filter((one) => one.orderId === orderId).map((one) => one.title);
    },
    close: () => api.close(),
  };
}

function preference(wait: number | undefined): Record<string, string> {
  return wait === undefined ? {} : { prefer: `wait=${wait}` };
}

async function expecting(api: ApiClient, what: string, statuses: readonly number[], request: Parameters<ApiClient['request']>[0]): ReturnType<ApiClient['request']> {
  const answer = await api.request(request);
  if (!statuses.includes(answer.status)) throw new ApiRefusal(what, answer);
  return answer;
}
