import { API_BASE, Menu } from '@doubleshot/contracts';
import { LabError } from '../errors.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import { ApiRefusal } from './api-refusal.ts';
import { createBasketSource } from './basket.ts';
import { registerCustomers, type Customer } from './customers.ts';
import type { Ledger } from './ledger.ts';
import { createTally, type LoadProgress, type LoadSummary } from './load-tally.ts';
import { runPaced, type Pace } from './pace.ts';
import { errorCode, type AttemptResult } from './place-order.ts';
import { placeWish, type Wish } from './place-wish.ts';
import { createSeededRandom } from './seeded-random.ts';

export interface LoadOptions {
  baseUrl: string;
  ledger: Ledger;
  seed: number;
  pace: Pace;
  orders?: number;
  durationMs?: number;
  /** Sends no more; what was sent is waited for. */
  signal?: AbortSignal;
  /** Customers that are there already, or how many to register. */
  customers: readonly Customer[] | number;
  /** Share of unknown outcomes, 0 to 1, that are tried again with the same key, as a careful client would. */
  retryUnknownShare?: number;
  /** Most requests in flight at once. */
  connections?: number;
  /** Called with the number of orders sent so far, before each is sent. */
  onSent?: (sent: number) => void;
  /** Called after each attempt, whatever became of it. */
  onAttempt?: (result: AttemptResult, latencyMs: number) => void;
  onProgress?: (progress: LoadProgress) => void;
}

const DEFAULT_CONNECTIONS = 64;

export type { LoadProgress, LoadSummary } from './load-tally.ts';

/** Places orders and writes every attempt to the ledger; resolves when the last answer is in and on disk. */
export async function runLoad(options: LoadOptions): Promise<LoadSummary> {
  const api = createApiClient(options.baseUrl, { connections: options.connections ?? DEFAULT_CONNECTIONS });
  try {
    return await load(api, options);
  } finally {
    await api.close();
  }
}

async function load(api: ApiClient, options: LoadOptions): Promise<LoadSummary> {
  const menuItemIds = await orderableItems(api, options.baseUrl);
  const customers = typeof options.customers === 'number' ? await registerCustomers(api, options.customers) : options.customers;
  const random = createSeededRandom(options.seed);
  const buyers = customers.map((customer, index) => ({ customer, nextBasket: createBasketSource(menuItemIds, createSeededRandom(options.seed + index + 1)) }));
  const tally = createTally(options.orders);
  await runPaced({
    pace: options.pace,
    ...(options.orders === undefined ? {} : { count: options.orders }),
    ...(options.durationMs === undefined ? {} : { durationMs: options.durationMs }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    async work(index, intendedAt) {
      const buyer = buyers[index % buyers.length];
      if (buyer === undefined) throw new TypeError('a load needs at least one customer');
      const wish: Wish = { customer: buyer.customer, basket: buyer.nextBasket(), retry: random.next() < (options.retryUnknownShare ?? 0) };
      const sent = tally.sent();
      options.onSent?.(sent);
      const onAttempt = (attempted: AttemptResult, latencyMs: number): void => {
        tally.attempted(attempted);
        options.onAttempt?.(attempted, latencyMs);
      };
      const result = await placeWish({ api, ledger: options.ledger, wish, onAttempt });
      tally.ended(result, performance.now() - intendedAt);
      options.onProgress?.(tally.progress());
    },
  });
  await options.ledger.synced();
  return { seed: options.seed, customers: customers.length, ...tally.summary() };
}

async function orderableItems(api: ApiClient, baseUrl: string): Promise<string[]> {
  const answer = await api.request({ path: `${API_BASE}/menu` }).catch((error: unknown) => {
    throw new LabError(`nothing answers at ${baseUrl}: ${errorCode(error)}; is this the origin of a gateway, and is the shop up?`, { cause: error });
  });
  if (answer.status !== 200) throw new ApiRefusal('reading the menu', answer);
  const ids = Menu.parse(answer.body).items.filter((item) => item.available && item.stock > 0).map((item) => item.id);
  if (ids.length === 0) throw new Error('the menu has nothing on sale');
  return ids.sort();
}
