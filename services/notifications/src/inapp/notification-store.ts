import type { Notification } from '@doubleshot/contracts';
import type { SqlExecutor } from '@doubleshot/shared/database';

/** The in-app notifications of every customer. */
export interface NotificationStore {
  /** In the caller's transaction. */
  add(sql: SqlExecutor, customerId: string, notification: Notification): Promise<void>;
  /** Newest first; with `before`, those older than that notification. */
  list(customerId: string, page: { before?: string | undefined; limit: number }): Promise<readonly Notification[]>;
}

export function createNotificationStore(database: SqlExecutor): NotificationStore {
  return {
    async add(sql, customerId, { id, type, orderId, title, text, createdAt }) {
      await sql.query(ADD, [id, customerId, type, orderId, title, text, createdAt]);
    },
    async list(customerId, { before, limit }) {
      const rows = await database.query<NotificationRow>(LIST, [customerId, before ?? null, limit]);
      return rows.map((row) => ({
        id: row.id,
        type: row.type,
        orderId: row.order_id,
        title: row.title,
        text: row.text,
        createdAt: row.created_at.toISOString(),
      }));
    },
  };
}

interface NotificationRow {
  id: string;
  type: Notification['type'];
  order_id: string;
  title: string;
  text: string;
  created_at: Date;
}

const ADD = {
  name: 'notifications.add-notification',
  text: `INSERT INTO notifications.notifications (id, customer_id, type, order_id, title, text, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (customer_id, id) DO NOTHING`,
};

/** Ids are of version 7: their order is the order of creation. */
const LIST = {
  name: 'notifications.list-notifications',
  text: `SELECT id, type, order_id, title, text, created_at FROM notifications.notifications
         WHERE customer_id = $1 AND id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') ORDER BY id DESC LIMIT $3`,
};
