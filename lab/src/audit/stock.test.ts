import { expect, test } from 'vitest';
import type { ApiClient } from '../load/api-client.ts';
import { compareStock, readMenu } from './stock.ts';

const ESPRESSO = { id: '019aaf00-0000-7000-8000-000000000001', name: 'Espresso', station: 'espresso', priceCents: 250, available: true, stock: 5, version: 1 };

test('stock below zero, which the contract does not allow, is read as it is', async () => {
  const menuWith = (stock: number): ReturnType<typeof readMenu> => {
    const request: ApiClient['request'] = () => Promise.resolve({ status: 200, headers: {}, body: { items: [{ ...ESPRESSO, stock }] } });
    return readMenu({ request } as unknown as ApiClient);
  };
  expect(compareStock(await menuWith(5), await menuWith(-1))).toEqual([{ menuItemId: ESPRESSO.id, name: 'Espresso', before: 5, after: -1 }]);
});
