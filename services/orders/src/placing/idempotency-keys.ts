import type { Order } from '@doubleshot/contracts';
import { deleteInBatches, type SqlExecutor } from '@doubleshot/shared/database';
import { orderColumns, orderOf, type OrderRow } from '../orders/orders-repository.ts';
import type { OrderRequest } from './order-request.ts';

/** What a key was used for. */
export interface KeyUse {
  requestHash: Buffer;
  /** The order as it is now. */
  order: Order;
}

const FIND = {
  name: 'orders.find-key',
  text: `
SELECT k.request_hash, ${orderColumns('o')}
FROM orders.idempotency_keys k JOIN orders.orders o ON o.id = k.order_id
WHERE k.customer_id = $1 AND k.key = $2`,
};

const FORGET = `
DELETE FROM orders.idempotency_keys
WHERE ctid = ANY (ARRAY (
  SELECT ctid FROM orders.idempotency_keys WHERE created_at < now() - make_interval(secs => $1) LIMIT $2 FOR UPDATE SKIP LOCKED))
RETURNING 1`;

export async function findKeyUse(sql: SqlExecutor, { customerId, idempotencyKey }: OrderRequest): Promise<KeyUse | undefined> {
  const [row] = await sql.query<OrderRow & { request_hash: Buffer }>(FIND, [customerId, idempotencyKey]);
  return row && { requestHash: row.request_hash, order: orderOf(row) };
}

/** Deletes keys older than `ttlSeconds`, in small bites and not without end. Resolves with their number. */
export function forgetOldKeys(sql: SqlExecutor, ttlSeconds: number): Promise<number> {
  return deleteInBatches(sql, FORGET, [ttlSeconds]);
}
