import type { Migration } from '@doubleshot/shared/database';

/** All tables of this module are in it. */
export const SCHEMA = 'notifications';

/** Names are unqualified: migrations run with the module's schema in front. */
export const CREATE_NOTIFICATIONS: Migration = {
  id: '001-create-notifications',
  sql: `
    CREATE TABLE contacts (
      user_id uuid PRIMARY KEY,
      email text NOT NULL,
      name text NOT NULL
    );

    CREATE TABLE notifications (
      id uuid NOT NULL,
      customer_id uuid NOT NULL,
      type text NOT NULL,
      order_id uuid NOT NULL,
      title text NOT NULL,
      text text NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (customer_id, id)
    );

    -- The newest status of each order that was told: an older fact that comes late is not told any more.
    CREATE TABLE order_versions (
      order_id uuid PRIMARY KEY,
      version int NOT NULL
    );

    -- One row for each customer: its lock makes commit order equal to id order, and a rollback leaves no gap.
    CREATE TABLE stream_heads (
      customer_id uuid PRIMARY KEY,
      last_id bigint NOT NULL
    ) WITH (fillfactor = 70);

    CREATE TABLE stream_events (
      customer_id uuid NOT NULL,
      id bigint NOT NULL,
      event text NOT NULL,
      data json NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (customer_id, id)
    );
    CREATE INDEX stream_events_age ON stream_events (created_at);

    -- Who is sending an e-mail now, so that copies of a task that are handled at once wait for each other.
    CREATE TABLE email_claims (
      notification_id uuid PRIMARY KEY,
      claimed_until timestamptz NOT NULL
    );
  `,
};
