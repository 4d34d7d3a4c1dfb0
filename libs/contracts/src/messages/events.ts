import { z } from 'zod';
import { MenuItem, Station } from '../http/menu.ts';
import { OrderItem } from '../http/orders.ts';
import { Cents, DisplayName, Email, Id, Instant, Role } from '../http/values.ts';
import { defineEvent } from './cloud-event.ts';

export const UserRegistered = defineEvent({
  type: 'user.registered.v1',
  topic: 'users.v1',
  description: 'Somebody registered. Subject: the user id.',
  data: z.object({ userId: Id, email: Email, name: DisplayName, role: Role }),
});

const orderChange = { orderId: Id, customerId: Id, version: z.int().min(1), at: Instant };

export const OrderPlaced = defineEvent({
  type: 'order.placed.v1',
  topic: 'orders.v1',
  description: 'An order was recorded and its stock taken. Subject: the order id.',
  data: z.object({ ...orderChange, items: z.array(OrderItem.extend({ station: Station })), totalCents: Cents }),
});

export const OrderBrewing = defineEvent({
  type: 'order.brewing.v1',
  topic: 'orders.v1',
  description: 'The first station began to work on the order. It can no longer be cancelled.',
  data: z.object(orderChange),
});

export const OrderReady = defineEvent({
  type: 'order.ready.v1',
  topic: 'orders.v1',
  description: 'Every station has finished.',
  data: z.object(orderChange),
});

export const OrderCancelled = defineEvent({
  type: 'order.cancelled.v1',
  topic: 'orders.v1',
  description: 'The order was cancelled before brewing; its stock went back.',
  data: z.object({ ...orderChange, reason: z.string().optional() }),
});

export const MenuChanged = defineEvent({
  type: 'menu.changed.v1',
  topic: 'menu.v1',
  description: 'Staff changed a menu item. Subject: the item id.',
  data: z.object({ item: MenuItem, at: Instant }),
});

/** Every event type. */
export const EVENTS = [UserRegistered, OrderPlaced, OrderBrewing, OrderReady, OrderCancelled, MenuChanged] as const;
