import type { MenuItem, MenuItemChange, Station } from '@doubleshot/contracts';
import type { SqlExecutor } from '@doubleshot/shared/database';

/** A menu item with what the API does not show. */
export interface MenuEntry {
  item: MenuItem;
  /** Time one cup takes. */
  brewMs: number;
  /** When staff last changed it, or when it last sold out or came back. */
  changedAtMs: number;
}

interface MenuRow {
  id: string;
  name: string;
  station: Station;
  price_cents: number;
  brew_ms: number;
  available: boolean;
  stock: number;
  version: number;
  updated_at: Date;
}

const COLUMNS = 'id, name, station, price_cents, brew_ms, available, stock, version, updated_at';
const READ_MENU = { name: 'orders.read-menu', text: `SELECT ${COLUMNS} FROM orders.menu_items ORDER BY position` };
const LOCK_ITEM = `SELECT ${COLUMNS} FROM orders.menu_items WHERE id = $1 FOR NO KEY UPDATE`;
const CHANGE_ITEM = `
UPDATE orders.menu_items
SET name = coalesce($2, name), price_cents = coalesce($3, price_cents), available = coalesce($4, available), stock = coalesce($5, stock),
  version = version + 1, updated_at = greatest(updated_at, $6)
WHERE id = $1
RETURNING ${COLUMNS}`;

export async function readMenu(sql: SqlExecutor): Promise<readonly MenuEntry[]> {
  return (await sql.query<MenuRow>(READ_MENU)).map(entryOf);
}

/** The newest state of an item, held until the transaction ends. */
export async function lockMenuItem(sql: SqlExecutor, id: string): Promise<MenuEntry | undefined> {
  return (await sql.query<MenuRow>(LOCK_ITEM, [id])).map(entryOf)[0];
}

export async function updateMenuItem(sql: SqlExecutor, id: string, { change, at }: { change: MenuItemChange; at: string }): Promise<MenuEntry> {
  const rows = await sql.query<MenuRow>(CHANGE_ITEM, [id, change.name, change.priceCents, change.available, change.stock, at]);
  if (rows[0] === undefined) throw new Error(`menu item ${id} vanished while it was locked`);
  return entryOf(rows[0]);
}

function entryOf(row: MenuRow): MenuEntry {
  const { id, name, station, available, stock, version } = row;
  return { item: { id, name, station, priceCents: row.price_cents, available, stock, version }, brewMs: row.brew_ms, changedAtMs: row.updated_at.getTime() };
}
