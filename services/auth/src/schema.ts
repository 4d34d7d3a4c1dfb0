import type { Migration } from '@doubleshot/shared/database';
import { OUTBOX_MIGRATION, OUTBOX_PARKED_MIGRATION } from '@doubleshot/shared/messaging';

const CREATE_AUTH: Migration = {
  id: '001-create-auth',
  sql: `
    CREATE TABLE users (
      id uuid PRIMARY KEY,
      email text NOT NULL,
      name text NOT NULL,
      role text NOT NULL CHECK (role IN ('customer', 'staff')),
      password_hash text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    -- Addresses keep the case they were given in, and are one however they are written.
    CREATE UNIQUE INDEX users_email ON users (lower(email));

    -- One log-in: the family of every refresh token that descends from it. Its row is the family's lock.
    CREATE TABLE sessions (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL,
      revoked_at timestamptz
    );
    CREATE INDEX sessions_user ON sessions (user_id);
    CREATE INDEX sessions_expiry ON sessions (expires_at);
    CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

    -- successor_seed lives only while the successor is unused: with the spent token itself it gives the successor again.
    CREATE TABLE refresh_tokens (
      token_hash bytea PRIMARY KEY,
      session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
      expires_at timestamptz NOT NULL,
      predecessor_hash bytea,
      spent_at timestamptz,
      successor_seed bytea
    );
    CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
    CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

    CREATE TABLE signing_keys (
      kid text PRIMARY KEY,
      algorithm text NOT NULL,
      public_jwk jsonb NOT NULL,
      sealed_private_key bytea NOT NULL,
      signs_from timestamptz NOT NULL,
      token_ttl_seconds int NOT NULL
    );
  `,
};

/** Applied to the schema `auth`. */
export const AUTH_MIGRATIONS: readonly Migration[] = [OUTBOX_MIGRATION, CREATE_AUTH, OUTBOX_PARKED_MIGRATION];
