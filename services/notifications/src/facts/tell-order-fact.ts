import {
  EXCHANGES,
  NotifyTask,
  notificationRoutingKey,
  type Channel,
  type Notification,
  type OrderStatusChange,
  type StreamEvent,
} from '@doubleshot/contracts';
import { outboxTask, type Inbox, type Outbox, type OutboxRow } from '@doubleshot/shared/messaging';
import { withSpan } from '@doubleshot/shared/telemetry';
import type { PushLive } from '../stream/live-push.ts';
import type { StreamEventStore } from '../stream/stream-event-store.ts';

/** Name under which the inbox remembers facts. */
export const FACTS_CONSUMER = 'orders.v1';

/** What an event of `orders.v1` means to its customer. */
export interface OrderFact {
  eventId: string;
  customerId: string;
  change: OrderStatusChange;
  /** For the facts that people are told about. */
  notification?: Notification;
}

export interface TellOrderFactDeps {
  inbox: Inbox;
  outbox: Outbox;
  streamEvents: StreamEventStore;
  pushLive: PushLive;
  source: string;
}

/** One fact, once: a stream event for the customer and, for some, work for every channel, all in the transaction of the inbox row. */
export function createTellOrderFact({ inbox, outbox, streamEvents, pushLive, source }: TellOrderFactDeps): (fact: OrderFact) => Promise<void> {
  async function tell({ eventId, customerId, change, notification }: OrderFact): Promise<void> {
    const tasks = notification === undefined ? [] : CHANNELS.map((channel) => notifyTask(source, customerId, { channel, notification }));
    let told: StreamEvent | undefined;
    await inbox.once(FACTS_CONSUMER, eventId, async (transaction) => {
      told = await streamEvents.appendOrderStatus(transaction, customerId, change);
      if (tasks.length > 0) await outbox.add(transaction, tasks);
    });
    if (tasks.length > 0) outbox.wake();
    if (told !== undefined) await pushLive(customerId, told);
  }

  return (fact) => {
    if (fact.notification === undefined) return tell(fact);
    return withSpan('notify', { attributes: { 'doubleshot.order.status': fact.change.status } }, () => tell(fact));
  };
}

const CHANNELS: readonly Channel[] = ['inapp', 'email'];

function notifyTask(source: string, userId: string, { channel, notification }: { channel: Channel; notification: Notification }): OutboxRow {
  return outboxTask(NotifyTask, {
    source,
    subject: notification.id,
    data: { channel, userId, notification },
    exchange: EXCHANGES.notifications.name,
    routingKey: notificationRoutingKey(channel, notification.type),
  });
}
