import type { LedgerKey } from '../load/ledger-keys.ts';
import type { Finding } from './findings.ts';
import type { Observation, ObservedOrder } from './observation.ts';
import { reconcileEffects, reconcileRedeliveries } from './reconcile-effects.ts';
import { reconcileStock } from './reconcile-stock.ts';

/** Compares what the load client was told with what can be seen from outside after `kills`. Pure: the same input gives the same findings. */
export function reconcile(keys: readonly LedgerKey[], seen: Observation, kills: number): Finding[] {
  return [
    ...reconcileOrders(keys, seen.orders),
    ...reconcileEffects(seen),
    ...reconcileRedeliveries(seen, kills),
    ...reconcileStock(seen),
    ...seen.leftovers.map(({ where, count }): Finding => ({ column: 'stuck', id: where, detail: `${count} left behind` })),
  ];
}

function reconcileOrders(keys: readonly LedgerKey[], orders: readonly ObservedOrder[]): Finding[] {
  const byWish = Map.groupBy(orders, wishOf);
  const asked = new Set(keys.map(wishOf));
  const ids = new Set(orders.map((order) => order.id));
  const strangers = orders.filter((order) => !asked.has(wishOf(order)));
  return [
    ...keys.flatMap((key) => reconcileKey(key, byWish.get(wishOf(key)) ?? [], ids)),
    ...strangers.map((order): Finding => ({ column: 'unexpected', id: order.id, detail: 'nobody asked for this order' })),
  ];
}

// No two wishes of one customer are for the same basket, so that customer and basket name the wish.
function wishOf(of: { customerId: string; payloadHash: string }): string {
  return `${of.customerId} ${of.payloadHash}`;
}

function reconcileKey(key: LedgerKey, orders: readonly ObservedOrder[], ids: ReadonlySet<string>): Finding[] {
  const found: Finding[] = [];
  const note = (column: Finding['column'], id: string, detail: string): void => { found.push({ column, id, detail }); };
  if (orders.length > 1) note('duplicated', key.key, `one key became the orders ${orders.map((order) => order.id).join(', ')}`);
  if (key.outcome === 'refused') for (const order of orders) note('unexpected', order.id, `refused, yet there (key ${key.key})`);
  if (key.outcome === 'unknown' && orders.length === 1) note('recovered', orders[0]?.id ?? key.key, 'outcome was unknown, the order exists');
  if (key.outcome !== 'acknowledged') return found;
  if (key.orderIds.length > 1) note('duplicated', key.key, `one key was acknowledged as ${key.orderIds.join(', ')}`);
  if (key.orderIds.length === 0) note('lost', key.key, 'acknowledged without an order id');
  for (const id of key.orderIds) {
    if (!ids.has(id)) note('lost', id, `acknowledged, but there is no such order (key ${key.key})`);
    else if (!orders.some((order) => order.id === id)) note('unexpected', id, `is not what was asked for (key ${key.key})`);
  }
  return found;
}
