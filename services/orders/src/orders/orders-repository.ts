import type { Order, OrderItem, OrderStatus, Station } from '@doubleshot/contracts';
import type { SqlExecutor } from '@doubleshot/shared/database';

/** An order with what the API does not show: the stations that have not finished. */
export interface StoredOrder {
  order: Order;
  stationsLeft: readonly Station[];
}

export interface OrderRow {
  id: string;
  customer_id: string;
  status: OrderStatus;
  version: number;
  items: OrderItem[];
  total_cents: number;
  stations_left: Station[];
  cancel_reason: string | null;
  placed_at: Date;
  updated_at: Date;
}

const COLUMN_NAMES = ['id', 'customer_id', 'status', 'version', 'items', 'total_cents', 'stations_left', 'cancel_reason', 'placed_at', 'updated_at'];

/** The columns that {@link storedOrderOf} reads, of the table named `alias`. */
export function orderColumns(alias: string): string {
  return COLUMN_NAMES.map((column) => `${alias}.${column}`).join(', ');
}

const COLUMNS = orderColumns('o');
const FIND = { name: 'orders.find', text: `SELECT ${COLUMNS} FROM orders.orders o WHERE o.id = $1` };
const FIND_OWN = { name: 'orders.find-own', text: `SELECT ${COLUMNS} FROM orders.orders o WHERE o.id = $1 AND o.customer_id = $2` };
const NEWEST = { name: 'orders.newest', text: `SELECT ${COLUMNS} FROM orders.orders o WHERE o.customer_id = $1 ORDER BY o.id DESC LIMIT $2` };
const OLDER = { name: 'orders.older', text: `SELECT ${COLUMNS} FROM orders.orders o WHERE o.customer_id = $1 AND o.id < $3 ORDER BY o.id DESC LIMIT $2` };
const CHANGED = {
  name: 'orders.changed-since',
  text: `SELECT ${COLUMNS} FROM unnest($1::uuid[], $2::int[]) AS known (id, version) JOIN orders.orders o ON o.id = known.id AND o.version > known.version`,
};

export async function findOrder(sql: SqlExecutor, id: string): Promise<StoredOrder | undefined> {
  return (await sql.query<OrderRow>(FIND, [id])).map(storedOrderOf)[0];
}

export async function findOwnOrder(sql: SqlExecutor, { id, customerId }: { id: string; customerId: string }): Promise<Order | undefined> {
  return (await sql.query<OrderRow>(FIND_OWN, [id, customerId])).map(orderOf)[0];
}

/** Newest first; with `before`, those older than that order. */
export async function findOrdersOf(sql: SqlExecutor, customerId: string, page: { limit: number; before: string | undefined }): Promise<readonly Order[]> {
  const rows = page.before === undefined ? sql.query<OrderRow>(NEWEST, [customerId, page.limit]) : sql.query<OrderRow>(OLDER, [customerId, page.limit, page.before]);
  return (await rows).map(orderOf);
}

/** Of the given orders those with a newer version than the one known. One query. */
export async function findChanged(sql: SqlExecutor, known: ReadonlyMap<string, number>): Promise<readonly Order[]> {
  return (await sql.query<OrderRow>(CHANGED, [[...known.keys()], [...known.values()]])).map(orderOf);
}

export function storedOrderOf(row: OrderRow): StoredOrder {
  return { order: orderOf(row), stationsLeft: row.stations_left };
}

export function orderOf(row: OrderRow): Order {
  return {
    id: row.id,
    customerId: row.customer_id,
    status: row.status,
    items: row.items.map(({ menuItemId, name, quantity, unitPriceCents }) => ({ menuItemId, name, quantity, unitPriceCents })),
    totalCents: row.total_cents,
    placedAt: row.placed_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    version: row.version,
    ...(row.cancel_reason === null ? {} : { cancelReason: row.cancel_reason }),
  };
}
