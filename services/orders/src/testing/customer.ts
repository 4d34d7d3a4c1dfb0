import { randomUUID } from 'node:crypto';
import type { MenuItem, Order } from '@doubleshot/contracts';
import { uuidV7 } from '@doubleshot/shared/messaging';
import { bearerOf } from './known-tokens.ts';

export interface Answer<Body = unknown> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface Line {
  menuItemId: string;
  quantity: number;
}

/** Somebody who talks HTTP to a running module. */
export interface Customer {
  id: string;
  send<Body>(method: string, path: string, options?: { headers?: Record<string, string>; body?: unknown; signal?: AbortSignal }): Promise<Answer<Body>>;
  place<Body = Order>(items: readonly Line[], headers?: Record<string, string>): Promise<Answer<Body>>;
  /** Places an order as a good client does: with the same key again as long as the answer is 503, or the try before is still under way. */
  placePatiently<Body = Order>(items: readonly Line[], headers?: Record<string, string>): Promise<Answer<Body>>;
}

const BUSY = 503;

/** Asks again as long as the answer is 503, or `again` says so. */
export async function patiently<Given extends Answer>(ask: () => Promise<Given>, again: (answer: Given) => boolean = () => false): Promise<Given> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== BUSY && !again(answer)) return answer;
  }
}

// A try that was answered 503 may still hold the key in the database.
function isUnderWay({ body }: Answer): boolean {
  return (body as { code?: string }).code === 'idempotency_in_progress';
}

/** A customer nobody has seen before, unless `id` says who; staff if told. */
export function customerOf(origin: string, role: 'customer' | 'staff' = 'customer', id = uuidV7()): Customer {
  const send = (async (method, path, { headers, body, signal } = {}) => {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { ...bearerOf(id, role), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }) as Customer['send'];
  const place: Customer['place'] = (items, headers) => send('POST', '/orders', { body: { items }, headers: { 'idempotency-key': randomUUID(), ...headers } });
  return {
    id,
    send,
    place,
    placePatiently: (items, headers) => {
      const withKey = { 'idempotency-key': randomUUID(), ...headers };
      return patiently(() => place(items, withKey), isUnderWay);
    },
  };
}

/** The menu of a running module. */
export async function menuOf(origin: string): Promise<readonly MenuItem[]> {
  const response = await fetch(`${origin}/api/v1/menu`);
  return ((await response.json()) as { items: MenuItem[] }).items;
}
