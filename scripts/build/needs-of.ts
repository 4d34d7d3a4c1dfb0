import { authModule } from '@doubleshot/auth';
import { gatewayModule } from '@doubleshot/gateway';
import { notificationsModule } from '@doubleshot/notifications';
import { ordersModule } from '@doubleshot/orders';
import type { Need } from '@doubleshot/shared/runtime';
import type { ProcessName } from './processes.ts';

const MODULES: Readonly<Record<ProcessName, readonly { needs: readonly Need[] }[]>> = {
  gateway: [gatewayModule],
  auth: [authModule],
  orders: [ordersModule],
  notifications: [notificationsModule],
  monolith: [gatewayModule, authModule, ordersModule, notificationsModule],
};

/** The backends that the modules of a process need. */
export function needsOf(process: ProcessName): ReadonlySet<Need> {
  return new Set(MODULES[process].flatMap(({ needs }) => needs));
}
