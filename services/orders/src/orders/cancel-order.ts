import { OrderCancelled, type cancelOrder, type Order } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import { ProblemError } from '@doubleshot/shared/errors';
import type { Handler } from '@doubleshot/shared/http';
import { outboxEvent, type Outbox } from '@doubleshot/shared/messaging';
import type { Gate } from '../gate.ts';
import { SOURCE } from '../source.ts';
import { orderEtag } from './order-headers.ts';
import type { OrderWatch } from './order-watch.ts';
import { findOwnOrder, orderColumns, orderOf, type OrderRow } from './orders-repository.ts';

export interface CancelOrderDeps {
  database: Database;
  outbox: Outbox;
  /** For what takes rows of the menu. */
  gate: Gate;
  watch: OrderWatch;
}

interface Cancellation {
  id: string;
  customerId: string;
  reason: string | undefined;
}

/** An order is cancelled out of `placed`, its first version. */
const CANCELLED_VERSION = 2;

// The row lock of the order decides between this and the brewer. The rows of the menu are locked in the order of their ids, as they are by new orders.
const CANCEL_ORDER = {
  name: 'orders.cancel',
  text: `
WITH cancelled AS (
  UPDATE orders.orders o
  SET status = 'cancelled', version = o.version + 1, cancel_reason = $3, updated_at = greatest(o.updated_at, $4::timestamptz)
  WHERE o.id = $1 AND o.customer_id = $2 AND o.status = 'placed'
  RETURNING ${orderColumns('o')}
), lines AS MATERIALIZED (
  SELECT l."menuItemId" AS id, l.quantity FROM cancelled, jsonb_to_recordset(cancelled.items) AS l ("menuItemId" uuid, quantity int)
), locked AS MATERIALIZED (
  SELECT m.id FROM orders.menu_items m WHERE m.id IN (SELECT id FROM lines) ORDER BY m.id FOR NO KEY UPDATE
), returned AS (
  UPDATE orders.menu_items m
  SET stock = m.stock + l.quantity, updated_at = CASE WHEN m.stock = 0 THEN greatest(m.updated_at, $4::timestamptz) ELSE m.updated_at END
  FROM lines l, locked
  WHERE m.id = l.id AND l.id = locked.id
), sent AS (
  INSERT INTO orders.outbox (target, destination, key, message_id, payload, headers)
  SELECT $5, $6, $7, $8::uuid, $9, $10::jsonb FROM cancelled
)
SELECT * FROM cancelled`,
};

/** Cancels an order that nobody brews yet. Again is the same: the order as it was cancelled. */
export function createCancelOrder(deps: CancelOrderDeps): Handler<typeof cancelOrder> {
  return async ({ params, body, principal }) => {
    const order = await cancel(deps, { id: params.id, customerId: principal.userId, reason: body?.reason });
    return { status: 200, headers: { ETag: orderEtag(order) }, body: order };
  };
}

async function cancel({ database, outbox, gate, watch }: CancelOrderDeps, cancellation: Cancellation): Promise<Order> {
  const rows = await gate.pass((left) => database.query<OrderRow>(CANCEL_ORDER, parametersOf(cancellation), left));
  if (rows[0] === undefined) return settled(await findOwnOrder(database, cancellation));
  const order = orderOf(rows[0]);
  outbox.wake();
  watch.announce(order);
  return order;
}

function parametersOf({ id, customerId, reason }: Cancellation): readonly unknown[] {
  const at = new Date().toISOString();
  const data = { orderId: id, customerId, version: CANCELLED_VERSION, at, ...(reason === undefined ? {} : { reason }) };
  const row = outboxEvent(OrderCancelled, { source: SOURCE, subject: id, data });
  return [id, customerId, reason, at, row.target, row.destination, row.key, row.messageId, row.payload, row.headers];
}

function settled(order: Order | undefined): Order {
  if (order === undefined) throw new ProblemError('order_not_found');
  if (order.status !== 'cancelled') throw new ProblemError('order_not_cancellable', `The order is ${order.status}.`);
  return order;
}
