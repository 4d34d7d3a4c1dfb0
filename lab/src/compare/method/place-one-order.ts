import { API_BASE, Order } from '@doubleshot/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import type { ApiClient } from '../../load/api-client.ts';
import { ApiRefusal } from '../../load/api-refusal.ts';
import { patiently } from '../../load/patiently.ts';

export interface OneOrder {
  token: string;
  menuItemId: string;
  headers?: Readonly<Record<string, string>>;
}

/** Headers of a request whose every span is to be recorded, in this trace. */
export function recordedAs(traceId: string): Record<string, string> {
  return { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
}

/** Places an order beside the load and answers its id; a shop that is busy is asked again, with the same key. */
export function placeOneOrder(api: ApiClient, { token, menuItemId, headers = {} }: OneOrder): Promise<string> {
  const key = randomUUID();
  return patiently(async () => {
    const answer = await api.request({ method: 'POST', path: `${API_BASE}/orders`, token, headers: { 'idempotency-key': key, ...headers }, body: { items: [{ menuItemId, quantity: 1 }] } });
    if (answer.status !== 201) throw new ApiRefusal('placing an order before the load', answer);
    return Order.parse(answer.body).id;
  });
}
