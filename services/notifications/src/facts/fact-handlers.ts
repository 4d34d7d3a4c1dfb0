import { OrderBrewing, OrderCancelled, OrderPlaced, OrderReady, UserRegistered, type OrderStatus } from '@doubleshot/contracts';
import { onEvent, type EventHandler } from '@doubleshot/shared/messaging';
import type { Contacts } from '../contacts/contacts.ts';
import { notificationOfFact } from './notification-of-fact.ts';
import type { OrderFact } from './tell-order-fact.ts';

interface OrderChange {
  orderId: string;
  customerId: string;
  version: number;
  at: string;
}

/** What this module does with each fact it listens to. */
export function factHandlers(contacts: Contacts, tell: (fact: OrderFact) => Promise<void>): EventHandler[] {
  return [
    onEvent(UserRegistered, ({ data }) => contacts.remember(data)),
    onEvent(OrderPlaced, ({ id, data }) => tell(statusFact(id, data, 'placed'))),
    onEvent(OrderBrewing, ({ id, data }) => tell(statusFact(id, data, 'brewing'))),
    onEvent(OrderReady, ({ id, data }) => {
      const notification = notificationOfFact({ eventId: id, type: 'order.ready', orderId: data.orderId, at: data.at });
      return tell({ ...statusFact(id, data, 'ready'), notification });
    }),
    onEvent(OrderCancelled, ({ id, data }) => {
      const notification = notificationOfFact({ eventId: id, type: 'order.cancelled', orderId: data.orderId, at: data.at, reason: data.reason });
      return tell({ ...statusFact(id, data, 'cancelled'), notification });
    }),
  ];
}

function statusFact(eventId: string, { orderId, customerId, version, at }: OrderChange, status: OrderStatus): OrderFact {
  return { eventId, customerId, change: { orderId, status, version, at } };
}
