import { API_BASE } from '@doubleshot/contracts';
import { randomUUID } from 'node:crypto';
import { readMenu } from '../../audit/stock.ts';
import { createApiClient } from '../../load/api-client.ts';
import { registerCustomers } from '../../load/customers.ts';
import { attemptOrder } from '../../load/place-order.ts';
import type { GeneratorCustomer } from '../generator/generator-protocol.ts';

/** What the requests of a comparison need, made ready in a running shop. */
export interface PreparedBrew {
  menuItemIds: readonly string[];
  /** Logged in, with one order each. Tokens end, so they are asked for anew. */
  customers(): Promise<GeneratorCustomer[]>;
  close(): Promise<void>;
}

export async function prepareBrew(baseUrl: string, customers: number): Promise<PreparedBrew> {
  const api = createApiClient(baseUrl);
  try {
    const menuItemIds = (await readMenu(api)).filter((item) => item.available && item.stock > 0).map((item) => item.id);
    const registered = await registerCustomers(api, customers);
    const withOrders = await Promise.all(
      registered.map(async (customer, index) => {
        const basket = [{ menuItemId: menuItemIds[index % menuItemIds.length] ?? '', quantity: 1 }];
        const { orderId, reason } = await attemptOrder(api, { token: await customer.token(), key: randomUUID(), basket });
        if (orderId === undefined) throw new Error(`the first order of a customer was not placed: ${reason ?? 'no order id'}`);
        return { ...customer, orderPath: `${API_BASE}/orders/${orderId}` };
      }),
    );
    return {
      menuItemIds,
      customers: () => Promise.all(withOrders.map(async ({ id, email, password, orderPath, token }) => ({ id, email, password, orderPath, token: await token() }))),
      close: () => api.close(),
    };
  } catch (error) {
    await api.close();
    throw error;
  }
}
