import { OrderReady, type Order, type Station } from '@doubleshot/contracts';
import type { SqlExecutor } from '@doubleshot/shared/database';
import { outboxEvent } from '@doubleshot/shared/messaging';
import { orderColumns, orderOf, type OrderRow } from '../orders/orders-repository.ts';
import { SOURCE } from '../source.ts';

// Two stations that finish at once take turns at the row: the second sees what the first has left.
const FINISH_STATION = {
  name: 'orders.finish-station',
  text: `
WITH finished AS (
  UPDATE orders.orders o
  SET stations_left = array_remove(o.stations_left, $2),
    status = CASE WHEN o.stations_left = ARRAY[$2] THEN 'ready' ELSE o.status END,
    version = o.version + CASE WHEN o.stations_left = ARRAY[$2] THEN 1 ELSE 0 END,
    updated_at = CASE WHEN o.stations_left = ARRAY[$2] THEN greatest(o.updated_at, $3::timestamptz) ELSE o.updated_at END
  WHERE o.id = $1 AND o.status = 'brewing' AND $2::text = ANY (o.stations_left)
  RETURNING ${orderColumns('o')}
), sent AS (
  INSERT INTO orders.outbox (target, destination, key, message_id, payload, headers)
  SELECT $4, $5, $6, $7::uuid, $8, $9::jsonb FROM finished WHERE finished.status = 'ready'
)
SELECT * FROM finished WHERE finished.status = 'ready'`,
};

/** A station has made its drinks. Answers the order if that was the last one and it is `ready` now. Done before: no effect. */
export async function finishStation(sql: SqlExecutor, { id, customerId, version }: Order, station: Station): Promise<Order | undefined> {
  const at = new Date().toISOString();
  const row = outboxEvent(OrderReady, { source: SOURCE, subject: id, data: { orderId: id, customerId, version: version + 1, at } });
  const rows = await sql.query<OrderRow>(FINISH_STATION, [id, station, at, row.target, row.destination, row.key, row.messageId, row.payload, row.headers]);
  return rows.map(orderOf)[0];
}
