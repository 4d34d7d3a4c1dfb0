import type { Notification, StreamEvent } from '@doubleshot/contracts';
import type { Inbox } from '@doubleshot/shared/messaging';
import type { PushLive } from '../stream/live-push.ts';
import type { StreamEventStore } from '../stream/stream-event-store.ts';
import type { NotificationStore } from './notification-store.ts';

export interface StoreNotificationDeps {
  inbox: Inbox;
  notifications: NotificationStore;
  streamEvents: StreamEventStore;
  pushLive: PushLive;
}

/** The in-app channel: the notification and its stream event in one transaction, pushed after commit. Once for each notification. */
export function createStoreNotification(deps: StoreNotificationDeps): (userId: string, notification: Notification) => Promise<void> {
  const { inbox, notifications, streamEvents, pushLive } = deps;
  return async (userId, notification) => {
    let stored: StreamEvent | undefined;
    await inbox.once('notifications.inapp', notification.id, async (transaction) => {
      await notifications.add(transaction, userId, notification);
      stored = await streamEvents.appendNotification(transaction, userId, notification);
    });
    if (stored !== undefined) await pushLive(userId, stored);
  };
}
