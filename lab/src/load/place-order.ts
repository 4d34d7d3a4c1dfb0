import { API_BASE, Order, Problem } from '@doubleshot/contracts';
import type { ApiAnswer, ApiClient } from './api-client.ts';
import type { Basket } from './basket.ts';
import type { Outcome } from './ledger-entry.ts';

/** What became of one attempt to place an order. */
export interface AttemptResult {
  outcome: Outcome;
  status?: number;
  reason?: string;
  orderId?: string;
  replayed?: boolean;
}

export interface OrderAttempt {
  token: string;
  key: string;
  basket: Basket;
}

/** Sends one attempt; never rejects: what cannot be known is an outcome as well. */
export async function attemptOrder(api: ApiClient, attempt: OrderAttempt): Promise<AttemptResult> {
  try {
    const answer = await api.request({
      method: 'POST',
      path: `${API_BASE}/orders`,
      token: attempt.token,
      headers: { 'idempotency-key': attempt.key },
      body: { items: attempt.basket },
    });
    return classifyAnswer(answer);
  } catch (error) {
    return { outcome: 'unknown', reason: errorCode(error) };
  }
}

/**
 * 201 is a promise. 4xx is a refusal, except that the key is still in use: then the other request may yet succeed. So is a request that was shed.
 * Everything else leaves it open: also another 503, since the statement may have been committed before the connection to the database broke.
 */
export function classifyAnswer(answer: ApiAnswer): AttemptResult {
  if (answer.status === 201) return acknowledged(answer);
  const problem = Problem.safeParse(answer.body);
  const reason = problem.success ? problem.data.code : `http_${answer.status}`;
  const shed = answer.status === 503 && reason === 'overloaded';
  const refused = shed || (answer.status >= 400 && answer.status < 500 && reason !== 'idempotency_in_progress');
  return { outcome: refused ? 'refused' : 'unknown', status: answer.status, reason };
}

function acknowledged(answer: ApiAnswer): AttemptResult {
  const order = Order.safeParse(answer.body);
  const replayed = answer.headers['idempotency-replayed'] === 'true';
  return { outcome: 'acknowledged', status: 201, replayed, ...(order.success ? { orderId: order.data.id } : { reason: 'answer_not_an_order' }) };
}

/** The code of a network error, or its name. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown_error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
