import {
  EXCHANGES,
  NotifyTask,
  notificationRoutingKey,
  type Channel,
  type Notification,
  type OrderStatusChange,
} from '@doubleshot/contracts';
import { outboxColumns, outboxTask, recordedOnce, type Inbox, type Outbox, type OutboxRow } from '@doubleshot/shared/messaging';
import { withSpan } from '@doubleshot/shared/telemetry';
import { SCHEMA } from '../schema/create-notifications.ts';
import { TAKE_STREAM_ID, traced } from '../stream/append-stream-event.ts';
import type { PushLive } from '../stream/live-push.ts';

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
  pushLive: PushLive;
  source: string;
}

/** One fact, once: a stream event for the customer and, for some, work for every channel, in the statement that writes the inbox row. */
export function createTellOrderFact({ inbox, outbox, pushLive, source }: TellOrderFactDeps): (fact: OrderFact) => Promise<void> {
  async function tell({ eventId, customerId, change, notification }: OrderFact): Promise<void> {
    const tasks = notification === undefined ? [] : CHANNELS.map((channel) => notifyTask(source, customerId, { channel, notification }));
    const data = traced(change);
    const values = [customerId, change.orderId, change.version, JSON.stringify(data), ...outboxColumns(tasks)];
    const told = await inbox.once<{ stream_id: string | null }>(FACTS_CONSUMER, eventId, TELL_ORDER_FACT, values);
    if (told === undefined) return;
    if (tasks.length > 0) outbox.wake();
    if (told.stream_id !== null) await pushLive(customerId, { id: Number(told.stream_id), event: 'order.status', data });
  }

  return (fact) => {
    if (fact.notification === undefined) return tell(fact);
    return withSpan('notify', { attributes: { 'doubleshot.order.status': fact.change.status } }, () => tell(fact));
  };
}

/** A status that is not newer than the one told last writes no stream event. */
const TELL_ORDER_FACT = {
  name: 'notifications.tell-order-fact',
  text: `
WITH ${recordedOnce(SCHEMA)}, newest AS (
  INSERT INTO notifications.order_versions (order_id, version) SELECT $4::uuid, $5::int FROM recorded
  ON CONFLICT (order_id) DO UPDATE SET version = excluded.version WHERE order_versions.version < excluded.version
  RETURNING version
), head AS (
  INSERT INTO notifications.stream_heads (customer_id, last_id) SELECT $3::uuid, 1 FROM newest ${TAKE_STREAM_ID}
), told AS (
  INSERT INTO notifications.stream_events (customer_id, id, event, data) SELECT $3, last_id, 'order.status', $6::json FROM head RETURNING id
), sent AS (
  INSERT INTO notifications.outbox (target, destination, key, message_id, payload, headers)
  SELECT tasks.* FROM recorded, unnest($7::text[], $8::text[], $9::text[], $10::uuid[], $11::text[], $12::jsonb[]) AS tasks
)
SELECT (SELECT id FROM told) AS stream_id FROM recorded`,
};

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
