import type { SqlExecutor } from '@doubleshot/shared/database';

/** Where to reach a person: this module's own copy, kept by listening to `users.v1`. */
export interface Contact {
  userId: string;
  email: string;
  name: string;
}

export interface Contacts {
  /** Idempotent: the same fact again changes nothing. */
  remember(contact: Contact): Promise<void>;
  find(userId: string): Promise<Contact | undefined>;
}

export function createContacts(sql: SqlExecutor): Contacts {
  return {
    async remember({ userId, email, name }) {
      await sql.query(REMEMBER, [userId, email, name]);
    },
    async find(userId) {
      const [row] = await sql.query<{ email: string; name: string }>(FIND, [userId]);
      return row && { userId, ...row };
    },
  };
}

const REMEMBER = {
  name: 'notifications.remember-contact',
  text: `INSERT INTO notifications.contacts (user_id, email, name) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, name = excluded.name`,
};

const FIND = { name: 'notifications.find-contact', text: 'SELECT email, name FROM notifications.contacts WHERE user_id = $1' };
