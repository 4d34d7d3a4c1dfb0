import type { Role, User } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import type { OutboxRow } from '@doubleshot/shared/messaging';

export interface UserWithPassword extends User {
  passwordHash: string;
}

/** Statements on `auth.users`. */
export interface UserStore {
  /** Adds the user and the event that tells of it, both or neither; `false` when the e-mail address is taken. */
  add(user: UserWithPassword, event: OutboxRow): Promise<boolean>;
  /** However the address is written. */
  findByEmail(email: string): Promise<UserWithPassword | undefined>;
  find(id: string): Promise<User | undefined>;
  /** Replaces one hash by another of the same password; does nothing when the password was changed meanwhile. */
  replaceHash(id: string, from: string, to: string): Promise<void>;
  /** Makes a user staff with this password, and ends every session it had. */
  makeStaff(id: string, passwordHash: string): Promise<void>;
}

const ADD = `
  WITH added AS (
    INSERT INTO auth.users (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (lower(email)) DO NOTHING RETURNING id
  ), told AS (
    INSERT INTO auth.outbox (target, destination, key, message_id, payload, headers)
    SELECT $6, $7, $8, $9::uuid, $10, $11::jsonb FROM added
  )
  SELECT id FROM added`;

const MAKE_STAFF = `
  WITH changed AS (UPDATE auth.users SET role = 'staff', password_hash = $2 WHERE id = $1 RETURNING id)
  UPDATE auth.sessions SET revoked_at = now() WHERE user_id IN (SELECT id FROM changed) AND revoked_at IS NULL`;

interface UserRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  password_hash: string;
}

export function createUserStore(database: Database): UserStore {
  return {
    add: async ({ id, email, name, role, passwordHash }, event) => {
      const told = [event.target, event.destination, event.key, event.messageId, event.payload, JSON.stringify(event.headers)];
      const added = await database.query({ name: 'auth-add-user', text: ADD }, [id, email, name, role, passwordHash, ...told]);
      return added.length === 1;
    },
    findByEmail: async (email) => {
      // PostgreSQL refuses NUL in text; no stored address has one.
      if (email.includes('\0')) return undefined;
      const [row] = await database.query<UserRow>(
        { name: 'auth-find-user-by-email', text: 'SELECT id, email, name, role, password_hash FROM auth.users WHERE lower(email) = lower($1)' },
        [email],
      );
      return row && { id: row.id, email: row.email, name: row.name, role: row.role, passwordHash: row.password_hash };
    },
    find: async (id) => {
      const [row] = await database.query<User>({ name: 'auth-find-user', text: 'SELECT id, email, name, role FROM auth.users WHERE id = $1' }, [id]);
      return row;
    },
    replaceHash: async (id, from, to) => {
      await database.query('UPDATE auth.users SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [id, from, to]);
    },
    makeStaff: async (id, passwordHash) => {
      await database.query(MAKE_STAFF, [id, passwordHash]);
    },
  };
}
