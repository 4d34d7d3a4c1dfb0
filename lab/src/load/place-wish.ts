import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import { basketHash, type Basket } from './basket.ts';
import type { Customer } from './customers.ts';
import type { Ledger } from './ledger.ts';
import { attemptOrder, errorCode, type AttemptResult } from './place-order.ts';

/** What one customer wants, once. */
export interface Wish {
  customer: Customer;
  basket: Basket;
  /** Whether an unknown outcome is tried again with the same key. */
  retry: boolean;
}

export interface PlaceWish {
  api: ApiClient;
  ledger: Ledger;
  wish: Wish;
  onAttempt: (result: AttemptResult, latencyMs: number) => void;
}

const RETRIES = 6;
const RETRY_DELAY_MS = 400;

/** Places one order with as many attempts as it takes, each of them written down; answers the last result. */
export async function placeWish({ api, ledger, wish, onAttempt }: PlaceWish): Promise<AttemptResult> {
  const entry = { key: randomUUID(), customerId: wish.customer.id, payloadHash: basketHash(wish.basket) };
  for (let attempt = 1; ; attempt += 1) {
    const start = new Date().toISOString();
    const begin = performance.now();
    ledger.write({ line: 'begin', ...entry, attempt, start });
    const result = await attemptAs(api, wish, entry.key);
    ledger.write({ line: 'end', ...entry, attempt, start, end: new Date().toISOString(), ...result });
    onAttempt(result, performance.now() - begin);
    if (result.outcome !== 'unknown' || !wish.retry || attempt > RETRIES) return result;
    await sleep(RETRY_DELAY_MS * attempt);
  }
}

async function attemptAs(api: ApiClient, wish: Wish, key: string): Promise<AttemptResult> {
  let token: string;
  try {
    token = await wish.customer.token();
  } catch (error) {
    // Without a token nothing was sent.
    return { outcome: 'refused', reason: `no_token_${errorCode(error)}` };
  }
  return attemptOrder(api, { token, key, basket: wish.basket });
}
