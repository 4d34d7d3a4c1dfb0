import type { Notification } from '@doubleshot/contracts';
import { recordedOnce, type Inbox } from '@doubleshot/shared/messaging';
import { SCHEMA } from '../schema/create-notifications.ts';
import { TAKE_STREAM_ID, traced } from '../stream/append-stream-event.ts';
import type { PushLive } from '../stream/live-push.ts';

/** The in-app channel: the notification and its stream event in one statement, pushed after it. Once for each notification. */
export function createStoreNotification({ inbox, pushLive }: { inbox: Inbox; pushLive: PushLive }): (userId: string, notification: Notification) => Promise<void> {
  return async (userId, notification) => {
    const { id, type, orderId, title, text, createdAt } = notification;
    const data = traced(notification);
    const values = [userId, type, orderId, title, text, createdAt, JSON.stringify(data)];
    const stored = await inbox.once<{ stream_id: string }>('notifications.inapp', id, STORE_NOTIFICATION, values);
    if (stored !== undefined) await pushLive(userId, { id: Number(stored.stream_id), event: 'notification', data });
  };
}

const STORE_NOTIFICATION = {
  name: 'notifications.store-notification',
  text: `
WITH ${recordedOnce(SCHEMA)}, stored AS (
  INSERT INTO notifications.notifications (id, customer_id, type, order_id, title, text, created_at)
  SELECT message_id, $3::uuid, $4, $5::uuid, $6, $7, $8::timestamptz FROM recorded
  ON CONFLICT (customer_id, id) DO NOTHING
), head AS (
  INSERT INTO notifications.stream_heads (customer_id, last_id) SELECT $3, 1 FROM recorded ${TAKE_STREAM_ID}
)
INSERT INTO notifications.stream_events (customer_id, id, event, data)
SELECT $3, last_id, 'notification', $9::json FROM head RETURNING id AS stream_id`,
};
