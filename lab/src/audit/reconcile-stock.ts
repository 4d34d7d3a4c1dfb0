import type { Finding } from './findings.ts';
import type { Observation, ObservedStock } from './observation.ts';

/** Stock before − what orders that stand took = stock now; and never below zero. */
export function reconcileStock(seen: Observation): Finding[] {
  const taken = new Map<string, number>();
  for (const order of seen.orders) {
    if (order.status === 'cancelled') continue;
    for (const line of order.items) taken.set(line.menuItemId, (taken.get(line.menuItemId) ?? 0) + line.quantity);
  }
  return seen.stock.flatMap((item) => reconcileItem(item, taken.get(item.menuItemId) ?? 0));
}

function reconcileItem(item: ObservedStock, taken: number): Finding[] {
  const surplus = item.after - (item.before - taken);
  const sums = `${item.name}: ${item.before} before, ${taken} ordered, ${item.after} now`;
  if (item.after < 0) return [{ column: 'oversold', id: item.menuItemId, detail: sums }];
  if (surplus > 0) return [{ column: 'oversold', id: item.menuItemId, detail: `${sums}: ${surplus} sold without being taken` }];
  if (surplus < 0) return [{ column: 'unexpected', id: item.menuItemId, detail: `${sums}: ${-surplus} taken that no order has` }];
  return [];
}
