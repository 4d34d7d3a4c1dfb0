import type { StreamEvent } from '@doubleshot/contracts';
import type { SqlExecutor } from '@doubleshot/shared/database';

/**
 * The stream events of every customer. Ids of one customer grow by one, and are committed in that order:
 * who has read up to `n` misses nothing by asking for what is greater than `n`.
 */
export interface StreamEventStore {
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
