import { deleteInBatches, type SqlExecutor } from '@doubleshot/shared/database';

/** As long as the inbox knows facts: an older one that is replayed later than that tells its status again. */
const KEPT_DAYS = 30;

// Ids of orders grow with time.
const FORGET = {
  name: 'notifications.forget-order-versions',
  text: `
DELETE FROM notifications.order_versions
WHERE ctid = ANY (ARRAY (
  SELECT ctid FROM notifications.order_versions WHERE order_id < (SELECT uuidv7(make_interval(days => -$1::int)))
  ORDER BY order_id LIMIT $2 FOR UPDATE SKIP LOCKED))
RETURNING 1`,
};

/** Deletes what was told of orders that were placed long ago. Resolves with their number. */
export function forgetOldOrders(sql: SqlExecutor): Promise<number> {
  return deleteInBatches(sql, FORGET, [KEPT_DAYS]);
}
