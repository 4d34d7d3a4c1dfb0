import type { MenuItem } from '@doubleshot/contracts';
import type { ApiClient } from '../load/api-client.ts';
import type { Customer } from '../load/customers.ts';
import type { AuditedShop } from './audited-shop.ts';
import type { Leftover, Observation } from './observation.ts';
import { observeNotifications, observeOrders } from './observe-customer.ts';
import { observeMails } from './observe-mail.ts';
import { compareStock, readSettledMenu } from './stock.ts';
import type { StreamWatch } from './stream-watch.ts';

// Longer than the shop keeps a menu in its cache.
const MENU_SETTLE_MS = 1_500;

export interface ObserveShop {
  api: ApiClient;
  shop: AuditedShop;
  customers: readonly Customer[];
  menuBefore: readonly MenuItem[];
  streams: StreamWatch;
  leftovers: readonly Leftover[];
}

/** Looks at the shop from outside: API, stream, SMTP receiver. Call it after the drain. */
export async function observeShop({ api, shop, customers, menuBefore, streams, leftovers }: ObserveShop): Promise<Observation> {
  const menuAfter = await readSettledMenu(api, MENU_SETTLE_MS);
  const orders = (await Promise.all(customers.map((customer) => observeOrders(api, customer)))).flat();
  const notifications = (await Promise.all(customers.map((customer) => observeNotifications(api, customer)))).flat();
  return {
    orders,
    notifications,
    stream: streams.events,
    mails: observeMails(shop.mail, { customers, orders, notifications }),
    stock: compareStock(menuBefore, menuAfter),
    leftovers,
  };
}
