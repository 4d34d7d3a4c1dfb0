import type { listNotifications, Notification } from '@doubleshot/contracts';
import type { SqlExecutor } from '@doubleshot/shared/database';
import { readPage, type Handler } from '@doubleshot/shared/http';

/** GET /notifications. */
export function createListNotifications(database: SqlExecutor): Handler<typeof listNotifications> {
  return async ({ principal, query }) => {
    const body = await readPage(query, async ({ limit, before }) => (await database.query<NotificationRow>(LIST, [principal.userId, before ?? null, limit])).map(notificationOf));
    return { status: 200, body };
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

function notificationOf({ id, type, order_id: orderId, title, text, created_at: createdAt }: NotificationRow): Notification {
  return { id, type, orderId, title, text, createdAt: createdAt.toISOString() };
}

/** Newest first. Ids are of version 7: their order is the order of creation. */
const LIST = {
  name: 'notifications.list-notifications',
  text: `SELECT id, type, order_id, title, text, created_at FROM notifications.notifications
         WHERE customer_id = $1 AND id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') ORDER BY id DESC LIMIT $3`,
};
