import { API_BASE, NotificationPage, OrderPage } from '@doubleshot/contracts';
import type { ApiClient } from '../load/api-client.ts';
import { basketHash } from '../load/basket.ts';
import type { Customer } from '../load/customers.ts';
import type { ObservedNotification, ObservedOrder } from './observation.ts';
import { readAllPages } from './pages.ts';

/** A customer's orders, as the API lists them. */
export async function observeOrders(api: ApiClient, customer: Customer): Promise<ObservedOrder[]> {
  const orders = await readAllPages({ api, customer, path: `${API_BASE}/orders`, page: OrderPage });
  return orders.map(({ id, customerId, status, items }) => ({ id, customerId, status, items, payloadHash: basketHash(items) }));
}

/** A customer's notifications, as the API lists them. */
export async function observeNotifications(api: ApiClient, customer: Customer): Promise<ObservedNotification[]> {
  const notifications = await readAllPages({ api, customer, path: `${API_BASE}/notifications`, page: NotificationPage });
  return notifications.map(({ id, orderId, type }) => ({ id, orderId, type, customerId: customer.id }));
}
