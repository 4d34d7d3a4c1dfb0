import { hash } from 'node:crypto';
import type { PlaceOrderRequest } from '@doubleshot/contracts';

/** A customer's wish, and what tells it from other wishes. */
export interface OrderRequest {
  customerId: string;
  lines: PlaceOrderRequest['items'];
  idempotencyKey: string;
}

/** Equal for equal bodies, however their JSON was written. */
export function requestHash({ lines }: Pick<OrderRequest, 'lines'>): Buffer {
  return hash('sha256', JSON.stringify(lines.map(({ menuItemId, quantity }) => [menuItemId, quantity])), 'buffer');
}

/** Number of the advisory lock of a customer's key. A collision of two keys would only make one of them try again. */
export function lockNumber({ customerId, idempotencyKey }: Pick<OrderRequest, 'customerId' | 'idempotencyKey'>): string {
  return hash('sha256', `${customerId} ${idempotencyKey}`, 'buffer').readBigInt64BE(0).toString();
}
