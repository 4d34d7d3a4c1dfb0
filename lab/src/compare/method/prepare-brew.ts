import { API_BASE } from '@doubleshot/contracts';
import { readMenu } from '../../audit/stock.ts';
import { createApiClient } from '../../load/api-client.ts';
import { registerCustomers } from '../../load/customers.ts';
import type { GeneratorCustomer } from '../generator/generator-protocol.ts';
import { placeOneOrder } from './place-one-order.ts';

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
        const orderId = await placeOneOrder(api, { token: await customer.token(), menuItemId: menuItemIds[index % menuItemIds.length] ?? '' });
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
