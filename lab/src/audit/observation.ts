import type { NotificationType, OrderStatus } from '@doubleshot/contracts';
import type { BasketLine } from '../load/basket.ts';

/** An order as its customer sees it. */
export interface ObservedOrder {
  id: string;
  customerId: string;
  status: OrderStatus;
  items: readonly BasketLine[];
  payloadHash: string;
}

/** A notification as its customer reads it. */
export interface ObservedNotification {
  id: string;
  customerId: string;
  orderId: string;
  type: NotificationType;
}

/** What came down a customer's stream. */
export interface ObservedStreamEvent {
  customerId: string;
  /** The event's id: grows within one customer. */
  streamId: number;
  /** Counts the customer's connections; from the second on each resumed behind the last event seen. */
  connection: number;
  orderId: string;
  /** `notification`, or the status an `order.status` event told. */
  told: 'notification' | OrderStatus;
}

/** An e-mail as the SMTP receiver got it. */
export interface ObservedMail {
  messageId: string;
  /** Whose address it went to. */
  customerId: string;
  /** The order it speaks of; `undefined` if it names none. */
  orderId: string | undefined;
}

export interface ObservedStock {
  menuItemId: string;
  name: string;
  before: number;
  after: number;
}

/** Something left behind in the shop's pipes after the drain. */
export interface Leftover {
  /** Where, for example `outbox orders` or `queue notifications.email dead`. */
  where: string;
  count: number;
}

/** All that can be seen of the shop from outside once it has drained. */
export interface Observation {
  orders: readonly ObservedOrder[];
  notifications: readonly ObservedNotification[];
  stream: readonly ObservedStreamEvent[];
  mails: readonly ObservedMail[];
  stock: readonly ObservedStock[];
  leftovers: readonly Leftover[];
}
