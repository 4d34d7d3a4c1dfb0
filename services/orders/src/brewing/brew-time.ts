import type { Order, Station } from '@doubleshot/contracts';
import type { MenuSnapshot } from '../menu/menu-snapshot.ts';

/** How long a station takes for its drinks of an order, one cup after the other. */
export function brewTimeMs({ entries }: Pick<MenuSnapshot, 'entries'>, { items }: Pick<Order, 'items'>, station: Station): number {
  return items.reduce((sum, { menuItemId, quantity }) => {
    const entry = entries.get(menuItemId);
    return entry?.item.station === station ? sum + quantity * entry.brewMs : sum;
  }, 0);
}
