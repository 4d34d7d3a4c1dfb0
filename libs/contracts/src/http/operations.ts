import * as auth from './auth.ts';
import * as menu from './menu.ts';
import * as notifications from './notifications.ts';
import type { Operation } from './operation.ts';
import * as orders from './orders.ts';
import * as stream from './stream.ts';

/** Every operation of the API, in the order in which routers must match them: fixed segments before parameters. */
export const OPERATIONS: readonly Operation[] = [
  auth.register,
  auth.login,
  auth.refresh,
  auth.logout,
  auth.getMe,
  auth.getJwks,
  menu.getMenu,
  menu.getPopularItems,
  menu.getMenuItem,
  menu.changeMenuItem,
  orders.placeOrder,
  orders.listOrders,
  orders.getOrder,
  orders.cancelOrder,
  notifications.listNotifications,
  stream.openStream,
];
