import type { SqlExecutor } from '@doubleshot/shared/database';
import { DRINKS } from './drinks.ts';

const INSERT_MISSING = `
INSERT INTO orders.menu_items (id, position, name, station, price_cents, brew_ms, stock)
SELECT d.id, d.position, d.name, d.station, d.price_cents, d.brew_ms, $7
FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::int[], $6::int[]) AS d (id, position, name, station, price_cents, brew_ms)
ON CONFLICT (id) DO NOTHING`;

/** Writes the drinks that are missing; what is there keeps its price, stock and version. Safe from several processes at once. */
export async function writeFirstMenu(sql: SqlExecutor, stock: number): Promise<void> {
  await sql.query(INSERT_MISSING, [
    DRINKS.map((drink) => drink.id),
    DRINKS.map((_, position) => position),
    DRINKS.map((drink) => drink.name),
    DRINKS.map((drink) => drink.station),
    DRINKS.map((drink) => drink.priceCents),
    DRINKS.map((drink) => drink.brewMs),
    stock,
  ]);
}
