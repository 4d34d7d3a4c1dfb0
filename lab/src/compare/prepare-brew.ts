import { API_BASE } from '@doubleshot/contracts';
import { randomUUID } from 'node:crypto';
import { readMenu } from '../audit/stock.ts';
import { createApiClient } from '../load/api-client.ts';
import { registerCustomers } from '../load/customers.ts';
import { attemptOrder } from '../load/place-order.ts';
import type { GeneratorCustomer } from './generator-protocol.ts';

/** Customers who are logged in and have one order each, and the drinks that can be ordered. */
export interface PreparedBrew {
  customers: GeneratorCustomer[];
  menuItemIds: string[];
}

/** Makes ready what the requests of a comparison need. */
export async function prepareBrew(baseUrl: string, customers: number): Promise<PreparedBrew> {
  const api = createApiClient(baseUrl);
  try {
    const menuItemIds = (await readMenu(api)).filter((item) => item.available && item.stock > 0).map((item) => item.id);
    const registered = await registerCustomers(api, customers);
    const withOrders = registered.map(async ({ id, token }, index) => {
      const access = await token();
      const menuItemId = menuItemIds[index % menuItemIds.length] ?? '';
      const { orderId, reason } = await attemptOrder(api, { token: access, key: randomUUID(), basket: [{ menuItemId, quantity: 1 }] });
      if (orderId === undefined) throw new Error(`the first order of a customer was not placed: ${reason ?? 'no order id'}`);
      return { id, token: access, orderPath: `${API_BASE}/orders/${orderId}` };
    });
    return { customers: await Promise.all(withOrders), menuItemIds };
  } finally {
    await api.close();
  }
}
