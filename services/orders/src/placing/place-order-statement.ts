/**
 * Places an order in one statement: all of it or nothing. Why each part is as it is:
 * - `attempt` keeps requests with one key apart without waiting. Its lock is released after the commit is visible to others.
 * - `locked` takes the rows of the menu in the order of their ids, so that orders with the same drinks never wait for each other in a circle, and gives
 *   their newest committed values, even if they were changed after this statement began. A known key or a lost `attempt` locks nothing.
 * - `claimed` is the gate: nothing below it happens unless the key is new and every line can be had. A key that was committed after this statement began
 *   is not seen by `known`, but conflicts here; then neither a fault nor a claim comes back, and the caller looks the key up.
 * - `taken` works on the rows that `locked` holds, so it waits for nobody. `updated_at` is touched only when a drink sells out: people see that.
 */
export const PLACE_ORDER = {
  name: 'orders.place',
  text: `
WITH attempt AS MATERIALIZED (
  SELECT pg_try_advisory_xact_lock($1::bigint) AS alone
), known AS MATERIALIZED (
  SELECT k.request_hash FROM orders.idempotency_keys k WHERE k.customer_id = $2::uuid AND k.key = $3::text
), locked AS MATERIALIZED (
  SELECT m.id, m.name, m.price_cents, m.available, m.stock
  FROM orders.menu_items m
  WHERE m.id = ANY ($6::uuid[]) AND (SELECT alone FROM attempt) AND NOT EXISTS (SELECT FROM known)
  ORDER BY m.id
  FOR NO KEY UPDATE
), judged AS MATERIALIZED (
  SELECT w.id, w.quantity,
    CASE
      WHEN l.id IS NULL THEN 'unknown'
      WHEN NOT l.available THEN 'unavailable'
      WHEN l.price_cents <> w.price_cents OR l.name <> w.name THEN 'changed'
      WHEN l.stock < w.quantity THEN 'short'
    END AS fault
  FROM unnest($6::uuid[], $7::int[], $8::int[], $9::text[]) AS w (id, quantity, price_cents, name)
  LEFT JOIN locked l ON l.id = w.id
), claimed AS (
  INSERT INTO orders.idempotency_keys (customer_id, key, request_hash, order_id)
  SELECT $2, $3, $4::bytea, $5::uuid
  WHERE (SELECT bool_and(fault IS NULL) FROM judged)
  ON CONFLICT DO NOTHING
  RETURNING order_id
), taken AS (
  UPDATE orders.menu_items m
  SET stock = m.stock - j.quantity, updated_at = CASE WHEN m.stock = j.quantity THEN greatest(m.updated_at, $13::timestamptz) ELSE m.updated_at END
  FROM judged j, claimed
  WHERE m.id = j.id
), placed AS (
  INSERT INTO orders.orders (id, customer_id, status, version, items, total_cents, stations_left, placed_at, updated_at)
  SELECT order_id, $2, 'placed', 1, $10::jsonb, $11::int, $12::text[], $13, $13 FROM claimed
), sent AS (
  INSERT INTO orders.outbox (target, destination, key, message_id, payload, headers)
  SELECT r.* FROM claimed, unnest($14::text[], $15::text[], $16::text[], $17::uuid[], $18::text[], $19::jsonb[]) AS r
)
SELECT
  (SELECT alone FROM attempt) AS alone,
  EXISTS (SELECT FROM claimed) AS placed,
  EXISTS (SELECT FROM known) AS known,
  (SELECT jsonb_object_agg(id, fault) FROM judged WHERE fault IS NOT NULL) AS faults`,
};

/** Why a line of an order cannot be had. `changed`: its name or price is no longer the expected one. */
export type Fault = 'unknown' | 'unavailable' | 'changed' | 'short';

export interface PlaceOrderRow {
  /** Whether no other request with this key was under way. */
  alone: boolean;
  placed: boolean;
  /** Whether the key was used before this statement began. */
  known: boolean;
  /** By menu item. */
  faults: Readonly<Record<string, Fault>> | null;
}
