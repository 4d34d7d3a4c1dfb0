import { Id, type listNotifications } from '@doubleshot/contracts';
import { decodeCursor, encodeCursor, type Handler } from '@doubleshot/shared/http';
import { z } from 'zod';
import type { NotificationStore } from './notification-store.ts';

/** The last notification of the page before. */
const Cursor = z.strictObject({ before: Id });

/** GET /notifications. One row more than the page tells whether there is a next one. */
export function createListNotifications(notifications: NotificationStore): Handler<typeof listNotifications> {
  return async ({ principal, query: { limit, cursor } }) => {
    const before = decodeCursor(cursor, Cursor)?.before;
    const rows = await notifications.list(principal.userId, { before, limit: limit + 1 });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor({ before: last.id }) : undefined;
    return { status: 200, body: { items, ...(nextCursor !== undefined && { nextCursor }) } };
  };
}
