import type { Migration } from '@doubleshot/shared/database';

/**
 * `menu_items` and `orders` are updated in place a lot: free space in each page lets PostgreSQL do that without touching an index.
 * The items of an order never change after it was placed and are always read with it, so they are one document, not rows.
 * `stations_left` are the stations that have not finished yet; the row lock of the order decides who is last.
 */
export const CREATE_ORDERS_TABLES: Migration = {
  id: '001-create-orders-tables',
  sql: `
    CREATE TABLE menu_items (
      id uuid PRIMARY KEY,
      position int NOT NULL,
      name text NOT NULL,
      station text NOT NULL,
      price_cents int NOT NULL CHECK (price_cents >= 0),
      brew_ms int NOT NULL CHECK (brew_ms >= 0),
      available boolean NOT NULL DEFAULT true,
      stock int NOT NULL CHECK (stock >= 0),
      version int NOT NULL DEFAULT 1,
      updated_at timestamptz(3) NOT NULL DEFAULT now()
    ) WITH (fillfactor = 20);

    CREATE TABLE menu_popularity (
      menu_item_id uuid PRIMARY KEY REFERENCES menu_items (id),
      ordered bigint NOT NULL CHECK (ordered >= 0)
    ) WITH (fillfactor = 50);

    CREATE TABLE orders (
      id uuid PRIMARY KEY,
      customer_id uuid NOT NULL,
      status text NOT NULL CHECK (status IN ('placed', 'brewing', 'ready', 'cancelled')),
      version int NOT NULL,
      items jsonb NOT NULL,
      total_cents int NOT NULL,
      stations_left text[] NOT NULL,
      cancel_reason text,
      placed_at timestamptz(3) NOT NULL,
      updated_at timestamptz(3) NOT NULL
    ) WITH (fillfactor = 80);
    CREATE INDEX orders_by_customer ON orders (customer_id, id);

    CREATE TABLE idempotency_keys (
      customer_id uuid NOT NULL,
      key text NOT NULL,
      request_hash bytea NOT NULL,
      order_id uuid NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      PRIMARY KEY (customer_id, key)
    );
    CREATE INDEX idempotency_keys_by_age ON idempotency_keys USING brin (created_at) WITH (pages_per_range = 32);`,
};
