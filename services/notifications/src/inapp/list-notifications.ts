import { Id, type listNotifications, type Notification } from '@doubleshot/contracts';
import type { SqlExecutor } from '@doubleshot/shared/database';
import { decodeCursor, encodeCursor, type Handler } from '@doubleshot/shared/http';
import { z } from 'zod';

/** The last notification of the page before. */
const Cursor = z.strictObject({ before: Id });

/** GET /notifications. One row more than the page tells whether there is a next one. */
export function createListNotifications(database: SqlExecutor): Handler<typeof listNotifications> {
  return async ({ principal, query: { limit, cursor } }) => {
    const before = decodeCursor(cursor, Cursor)?.before;
    const rows = await database.query<NotificationRow>(LIST, [principal.userId, before ?? null, limit + 1]);
    const items = rows.slice(0, limit).map(notificationOf);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor({ before: last.id }) : undefined;
    return { status: 200, body: { items, ...(nextCursor !== undefined && { nextCursor }) } };
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
