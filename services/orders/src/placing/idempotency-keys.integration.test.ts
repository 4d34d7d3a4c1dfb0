import { afterAll, beforeAll, expect, test } from 'vitest';
import { DRINKS } from '../menu/drinks.ts';
import { customerOf } from '../testing/customer.ts';
import { startOrders, type RunningOrders } from '../testing/running-orders.ts';
import { forgetOldKeys } from './idempotency-keys.ts';

let shop: RunningOrders;
beforeAll(async () => { shop = await startOrders({ withoutBrewers: true }); });
afterAll(async () => { await shop.close(); });

test('old keys are forgotten, young ones kept, also more of them than fit one bite', async () => {
  const customer = customerOf(shop.origin);
  const key = { 'idempotency-key': 'young' };
  const items = [{ menuItemId: DRINKS[0]?.id ?? '', quantity: 1 }];
  const { body } = await customer.place(items, key);
  await shop.database.query(
    `INSERT INTO orders.idempotency_keys (customer_id, key, request_hash, order_id, created_at)
     SELECT $1, 'old-' || n, '', $2, now() - interval '25 hours' FROM generate_series(1, 2500) AS n`,
    [customer.id, body.id],
  );
  expect(await forgetOldKeys(shop.database, 86_400)).toBe(2_500);
  expect(await forgetOldKeys(shop.database, 86_400)).toBe(0);
  expect((await customer.place(items, key)).headers.get('idempotency-replayed')).toBe('true');
});

test('a forgotten key orders anew', async () => {
  const customer = customerOf(shop.origin);
  const key = { 'idempotency-key': 'again' };
  const items = [{ menuItemId: DRINKS[0]?.id ?? '', quantity: 1 }];
  const first = await customer.place(items, key);
  await shop.database.query(`UPDATE orders.idempotency_keys SET created_at = now() - interval '2 days' WHERE customer_id = $1`, [customer.id]);
  await forgetOldKeys(shop.database, 86_400);
  const second = await customer.place(items, key);
  expect([second.status, second.body.id === first.body.id]).toEqual([201, false]);
});
