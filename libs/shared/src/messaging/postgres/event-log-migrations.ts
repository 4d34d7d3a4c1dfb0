import type { Migration } from '../../database/index.ts';

/** The schema of the event log. */
export const EVENT_LOG_SCHEMA = 'event_log';

/**
 * `partitions.last` gives out positions under its row lock, held to the end of the one publishing statement: within a partition positions are visible in their order,
 * without gaps, so a reader that goes on behind the last one it saw loses nothing.
 */
export const EVENT_LOG_MIGRATIONS: readonly Migration[] = [
  {
    id: '001-create-event-log',
    sql: `
      CREATE TABLE topics (name text PRIMARY KEY, partitions int NOT NULL CHECK (partitions > 0));
      CREATE TABLE partitions (topic text NOT NULL REFERENCES topics, partition int NOT NULL, last bigint NOT NULL DEFAULT 0, PRIMARY KEY (topic, partition)) WITH (fillfactor = 50);
      CREATE TABLE records (
        topic text NOT NULL,
        partition int NOT NULL,
        position bigint NOT NULL,
        message_id text NOT NULL,
        key text NOT NULL,
        headers jsonb NOT NULL,
        payload text NOT NULL,
        published_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (topic, partition, position)
      );
      CREATE TABLE cursors (
        group_name text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        position bigint NOT NULL DEFAULT 0,
        owner text,
        epoch bigint NOT NULL DEFAULT 0,
        lease_until timestamptz,
        -- How many owners in a row died with unhandled records at this position, and how many of them while they tried the next record alone.
        deaths int NOT NULL DEFAULT 0,
        died_at bigint,
        trying bigint,
        suspicions int NOT NULL DEFAULT 0,
        PRIMARY KEY (group_name, topic, partition)
      ) WITH (fillfactor = 50);
      CREATE TABLE members (group_name text NOT NULL, member text NOT NULL, seen_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (group_name, member));
      CREATE TABLE parked (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        group_name text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        message_id text NOT NULL,
        key text NOT NULL,
        headers jsonb NOT NULL,
        payload text NOT NULL,
        attempts int NOT NULL,
        reason text NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        replaying boolean NOT NULL DEFAULT false,
        UNIQUE (topic, group_name, message_id)
      );
      CREATE INDEX parked_replaying ON parked (group_name, topic, partition, id) WHERE replaying;
    `,
  },
];
