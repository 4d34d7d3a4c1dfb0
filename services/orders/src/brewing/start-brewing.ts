import { OrderBrewing, type Order } from '@doubleshot/contracts';
import type { SqlExecutor } from '@doubleshot/shared/database';
import { outboxEvent } from '@doubleshot/shared/messaging';
import { orderColumns, orderOf, type OrderRow } from '../orders/orders-repository.ts';
import { SOURCE } from '../source.ts';

const START_BREWING = {
  name: 'orders.start-brewing',
  text: `
WITH started AS (
  UPDATE orders.orders o SET status = 'brewing', version = o.version + 1, updated_at = greatest(o.updated_at, $2::timestamptz)
  WHERE o.id = $1 AND o.status = 'placed'
  RETURNING ${orderColumns('o')}
), sent AS (
  INSERT INTO orders.outbox (target, destination, key, message_id, payload, headers)
  SELECT $3, $4, $5, $6::uuid, $7, $8::jsonb FROM started
)
SELECT * FROM started`,
};

/** The first station begins: from now on the order cannot be cancelled. `undefined` when the order is no longer `placed`. */
export async function startBrewing(sql: SqlExecutor, { id, customerId, version }: Order): Promise<Order | undefined> {
  const at = new Date().toISOString();
  const row = outboxEvent(OrderBrewing, { source: SOURCE, subject: id, data: { orderId: id, customerId, version: version + 1, at } });
  const rows = await sql.query<OrderRow>(START_BREWING, [id, at, row.target, row.destination, row.key, row.messageId, row.payload, row.headers]);
  return rows.map(orderOf)[0];
}
