import { BrewTask, EXCHANGES, OrderPlaced, type Order, type OrderItem, type Station } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import { outboxEvent, outboxTask, uuidV7, type OutboxRow } from '@doubleshot/shared/messaging';
import type { MenuSnapshot } from '../menu/menu-snapshot.ts';
import { SOURCE } from '../source.ts';
import type { OrderRequest } from './order-request.ts';

/** An order as it would be recorded, with the messages that tell of it. */
export interface Draft {
  order: Order;
  /** Empty when the menu lacks an item: the statement refuses such an order. */
  stations: readonly Station[];
  messages: readonly OutboxRow[];
}

interface DraftItem extends OrderItem {
  station: Station | undefined;
}

/** Largest total that the contracts can carry. */
const LARGEST_TOTAL_CENTS = 100_000_000;

/** Throws `validation_failed` when the order comes to more than can be paid. */
export function draftOrder(menu: MenuSnapshot, { customerId, lines }: OrderRequest): Draft {
  const items = lines.map((line) => draftItem(menu, line));
  const totalCents = items.reduce((sum, item) => sum + item.quantity * item.unitPriceCents, 0);
  if (totalCents > LARGEST_TOTAL_CENTS) {
    throw new ProblemError('validation_failed', undefined, { errors: [{ in: 'body', at: '/items', message: `comes to more than ${LARGEST_TOTAL_CENTS} cents` }] });
  }
  const at = new Date().toISOString();
  const order: Order = {
    id: uuidV7(),
    customerId,
    status: 'placed',
    items: items.map(({ menuItemId, name, quantity, unitPriceCents }) => ({ menuItemId, name, quantity, unitPriceCents })),
    totalCents,
    placedAt: at,
    updatedAt: at,
    version: 1,
  };
  if (!isComplete(items)) return { order, stations: [], messages: [] };
  const drinks = drinksByStation(items);
  return { order, stations: [...drinks.keys()], messages: [placedEvent(order, items), ...brewTasks(order.id, drinks)] };
}

function draftItem(menu: MenuSnapshot, { menuItemId, quantity }: OrderRequest['lines'][number]): DraftItem {
  const item = menu.entries.get(menuItemId)?.item;
  return { menuItemId, name: item?.name ?? '', quantity, unitPriceCents: item?.priceCents ?? 0, station: item?.station };
}

type CompleteItem = DraftItem & { station: Station };

function isComplete(items: readonly DraftItem[]): items is readonly CompleteItem[] {
  return items.every(({ station }) => station !== undefined);
}

function drinksByStation(items: readonly CompleteItem[]): Map<Station, number> {
  const drinks = new Map<Station, number>();
  for (const { station, quantity } of items) drinks.set(station, (drinks.get(station) ?? 0) + quantity);
  return drinks;
}

function placedEvent({ id, customerId, version, placedAt, totalCents }: Order, items: readonly CompleteItem[]): OutboxRow {
  return outboxEvent(OrderPlaced, { source: SOURCE, subject: id, data: { orderId: id, customerId, version, at: placedAt, items: [...items], totalCents } });
}

function brewTasks(orderId: string, drinksByStation: ReadonlyMap<Station, number>): OutboxRow[] {
  return [...drinksByStation].map(([station, drinks]) =>
    outboxTask(BrewTask, { source: SOURCE, subject: orderId, data: { orderId, station, drinks }, exchange: EXCHANGES.brewing.name, routingKey: station }),
  );
}
