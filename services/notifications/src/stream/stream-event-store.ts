import type { Notification, OrderStatusChange, StreamEvent } from '@doubleshot/contracts';
import type { SqlExecutor } from '@doubleshot/shared/database';
import { currentTraceId } from '@doubleshot/shared/telemetry';

/**
 * The stream events of every customer. Ids of one customer grow by one, and are committed in that order:
 * who has read up to `n` misses nothing by asking for what is greater than `n`.
 */
export interface StreamEventStore {
  /** In the caller's transaction. `undefined` when a status at least as new was told already. */
  appendOrderStatus(sql: SqlExecutor, customerId: string, change: OrderStatusChange): Promise<StreamEvent | undefined>;
  /** In the caller's transaction. */
  appendNotification(sql: SqlExecutor, customerId: string, notification: Notification): Promise<StreamEvent>;
  /** Id of the newest event of a customer; 0 before the first. */
  head(customerId: string): Promise<number>;
  /** Newest id of each of these customers that has one. */
  heads(customerIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Events behind `id`, oldest first. */
  after(customerId: string, id: number, limit: number): Promise<readonly StreamEvent[]>;
  /** Deletes at most `limit` events older than that; resolves with how many. */
  deleteOlderThan(hours: number, limit: number): Promise<number>;
}

export function createStreamEventStore(database: SqlExecutor): StreamEventStore {
  return {
    async appendOrderStatus(sql, customerId, change) {
      const data = traced(change);
      const [row] = await sql.query<{ id: string }>(APPEND_ORDER_STATUS, [customerId, change.orderId, change.version, JSON.stringify(data)]);
      return row && { id: Number(row.id), event: 'order.status', data };
    },
    async appendNotification(sql, customerId, notification) {
      const data = traced(notification);
      const [row] = await sql.query<{ id: string }>(APPEND_NOTIFICATION, [customerId, JSON.stringify(data)]);
      if (row === undefined) throw new Error('a stream event was not given an id');
      return { id: Number(row.id), event: 'notification', data };
    },
    async head(customerId) {
      const [row] = await database.query<{ last_id: string }>(HEAD, [customerId]);
      return Number(row?.last_id ?? 0);
    },
    async heads(customerIds) {
      const rows = await database.query<{ customer_id: string; last_id: string }>(HEADS, [customerIds]);
      return new Map(rows.map((row) => [row.customer_id, Number(row.last_id)]));
    },
    async after(customerId, id, limit) {
      const rows = await database.query<{ id: string; event: string; data: unknown }>(AFTER, [customerId, id, limit]);
      return rows.map((row) => ({ id: Number(row.id), event: row.event, data: row.data }) as StreamEvent);
    },
    async deleteOlderThan(hours, limit) {
      const [row] = await database.query<{ deleted: string }>(DELETE_OLDER, [hours, limit]);
      return Number(row?.deleted ?? 0);
    },
  };
}

/** Who resumes later is told the same. */
function traced<T extends object>(data: T): T & { traceId?: string } {
  const traceId = currentTraceId();
  return traceId === undefined ? data : { ...data, traceId };
}

/** Takes the next id under the lock of the customer's head row, which is held until commit. */
const NEXT_ID = `ON CONFLICT (customer_id) DO UPDATE SET last_id = stream_heads.last_id + 1 RETURNING last_id`;

const APPEND_ORDER_STATUS = {
  name: 'notifications.append-order-status',
  text: `WITH newest AS (
           INSERT INTO notifications.order_versions (order_id, version) VALUES ($2, $3)
           ON CONFLICT (order_id) DO UPDATE SET version = excluded.version WHERE order_versions.version < excluded.version
           RETURNING version
         ), head AS (
           INSERT INTO notifications.stream_heads (customer_id, last_id) SELECT $1, 1 FROM newest ${NEXT_ID}
         )
         INSERT INTO notifications.stream_events (customer_id, id, event, data)
         SELECT $1, last_id, 'order.status', $4::json FROM head RETURNING id`,
};

const APPEND_NOTIFICATION = {
  name: 'notifications.append-notification',
  text: `WITH head AS (INSERT INTO notifications.stream_heads (customer_id, last_id) VALUES ($1, 1) ${NEXT_ID})
         INSERT INTO notifications.stream_events (customer_id, id, event, data)
         SELECT $1, last_id, 'notification', $2::json FROM head RETURNING id`,
};

const HEAD = { name: 'notifications.stream-head', text: 'SELECT last_id FROM notifications.stream_heads WHERE customer_id = $1' };

const HEADS = {
  name: 'notifications.stream-heads',
  text: 'SELECT customer_id, last_id FROM notifications.stream_heads WHERE customer_id = ANY ($1::uuid[])',
};

const AFTER = {
  name: 'notifications.stream-after',
  text: 'SELECT id, event, data FROM notifications.stream_events WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3',
};

const DELETE_OLDER = {
  name: 'notifications.delete-stream-events',
  text: `WITH old AS (
           SELECT customer_id, id FROM notifications.stream_events WHERE created_at < now() - make_interval(secs => $1::float8 * 3600)
           ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
         ), gone AS (
           DELETE FROM notifications.stream_events AS event USING old WHERE event.customer_id = old.customer_id AND event.id = old.id RETURNING 1
         )
         SELECT count(*) AS deleted FROM gone`,
};
