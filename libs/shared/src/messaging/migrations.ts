import type { Migration } from '../database/database.ts';
import { LEASE_SECONDS } from './outbox-lease.ts';

/** 1 when the process that held a row died: its lease ran out and it is not ours. A relay that ends in order gives its rows back, and one that lives on takes its own. */
const DIED = `coalesce(c.claimed_by <> relay, false)::int`;

const TAKE = `
      UPDATE outbox c SET claimed_by = relay, claimed_until = now() + interval '${LEASE_SECONDS} seconds', attempts = c.attempts + 1,
        deaths = CASE WHEN c.target = ANY (mortal) THEN c.deaths + ${DIED} ELSE 0 END
      FROM picked WHERE c.id = picked.id
      RETURNING c.*`;

/**
 * Removes confirmed rows and claims others, in one round trip. A function, because its planner settings must hold for it alone: a plan made while the table was
 * empty would read all of a long one. For targets among `mortal`, whose consumers die with the relay, rows whose process died more than `most_deaths` times are
 * passed by. The recursive part steps from lane to lane through the index, so that a stuck lane of any length costs one step.
 */
const OUTBOX_CLAIM = `
    CREATE FUNCTION outbox_claim(confirmed bigint[], relay text, except_lanes text[], most int, only_lane text, mortal text[], most_deaths int)
    RETURNS SETOF outbox
    LANGUAGE sql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $claim$
      WITH RECURSIVE removed AS (DELETE FROM outbox WHERE outbox.id = ANY (confirmed)),
      lanes AS (
        (SELECT o.lane FROM outbox o WHERE only_lane IS NULL OR o.lane = only_lane ORDER BY o.lane LIMIT 1)
        UNION ALL
        SELECT (SELECT o.lane FROM outbox o WHERE o.lane > lanes.lane ORDER BY o.lane LIMIT 1) FROM lanes WHERE lanes.lane IS NOT NULL AND only_lane IS NULL
      ),
      picked AS MATERIALIZED (
        SELECT oldest.id FROM lanes CROSS JOIN LATERAL (
          SELECT c.id FROM outbox c
          WHERE c.lane = lanes.lane AND (c.claimed_until IS NULL OR c.claimed_until < now()) AND c.id <> ALL (confirmed)
            AND (c.target <> ALL (mortal) OR c.deaths + ${DIED} <= most_deaths)
            AND (c.target = 'task' OR NOT EXISTS (
              SELECT FROM outbox e WHERE e.target = 'event' AND e.destination = c.destination AND e.key = c.key AND e.id < c.id AND e.id <> ALL (confirmed)))
          ORDER BY c.id LIMIT most FOR UPDATE OF c SKIP LOCKED
        ) oldest
        WHERE lanes.lane <> ALL (except_lanes)
      )
      ${TAKE}
    $claim$;`;

/**
 * Claims rows whose process died often, oldest first, and asks whether there are some. The index holds only rows whose process died at all: as a rule none,
 * and a claim that changes no count of deaths stays on its page.
 */
const OUTBOX_SUSPECTS = `
    CREATE INDEX outbox_suspects ON outbox (id) WHERE deaths > 0;
    CREATE FUNCTION outbox_suspects(relay text, mortal text[], least_deaths int, most_deaths int, most int) RETURNS SETOF bigint
    LANGUAGE sql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $suspects$
      SELECT c.id FROM outbox c
      WHERE c.deaths > 0 AND c.target = ANY (mortal) AND c.deaths + ${DIED} BETWEEN least_deaths AND coalesce(most_deaths, 2147483647)
        AND (c.claimed_until IS NULL OR c.claimed_until < now())
        AND (c.target = 'task' OR NOT EXISTS (SELECT FROM outbox e WHERE e.target = 'event' AND e.destination = c.destination AND e.key = c.key AND e.id < c.id))
      ORDER BY c.id LIMIT most FOR UPDATE OF c SKIP LOCKED
    $suspects$;
    CREATE FUNCTION outbox_claim_suspects(relay text, mortal text[], least_deaths int, most_deaths int, most int) RETURNS SETOF outbox
    LANGUAGE sql SET search_path FROM CURRENT AS $claim$
      WITH picked (id) AS MATERIALIZED (SELECT outbox_suspects(relay, mortal, least_deaths, most_deaths, most))
      ${TAKE}
    $claim$;`;

/**
 * The outbox table of a module. Rows come and go: a low fill factor keeps claims on their page (HOT), and vacuum comes early.
 * A lane is what may be stuck alone: a topic, or one routing key of an exchange. `outbox_lanes` lets the relay step over a stuck lane however long it is;
 * `outbox_order` finds the oldest event of a key.
 */
export const OUTBOX_MIGRATION: Migration = {
  id: 'outbox-001-create',
  sql: `
    CREATE TABLE outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      target text NOT NULL CHECK (target IN ('event', 'task')),
      destination text NOT NULL,
      key text NOT NULL,
      message_id uuid NOT NULL,
      payload text NOT NULL,
      headers jsonb NOT NULL DEFAULT '{}',
      created_at timestamptz NOT NULL DEFAULT now(),
      claimed_by text,
      claimed_until timestamptz,
      attempts int NOT NULL DEFAULT 0,
      deaths int NOT NULL DEFAULT 0,
      last_error text,
      lane text NOT NULL GENERATED ALWAYS AS (target || ' ' || destination || CASE target WHEN 'task' THEN ' ' || key ELSE '' END) STORED
    ) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);
    CREATE INDEX outbox_lanes ON outbox (lane, id);
    CREATE INDEX outbox_order ON outbox (destination, key, id) WHERE target = 'event';
    ${OUTBOX_CLAIM}
    ${OUTBOX_SUSPECTS}
  `,
};

/** What a module's outbox gave up on. Behind the module's own tables: those were there first. */
export const OUTBOX_PARKED_MIGRATION: Migration = {
  id: 'outbox-002-create-parked',
  sql: `
    CREATE TABLE outbox_parked (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      target text NOT NULL,
      destination text NOT NULL,
      key text NOT NULL,
      message_id uuid NOT NULL,
      payload text NOT NULL,
      headers jsonb NOT NULL,
      attempts int NOT NULL,
      reason text NOT NULL,
      parked_at timestamptz NOT NULL DEFAULT now()
    );
  `,
};

/** The inbox table of a module: what was handled. */
export const INBOX_MIGRATION: Migration = {
  id: 'inbox-001-create',
  sql: `
    CREATE TABLE inbox (
      consumer text NOT NULL,
      message_id uuid NOT NULL,
      handled_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (consumer, message_id)
    ) WITH (autovacuum_vacuum_insert_scale_factor = 0.5);
  `,
};
