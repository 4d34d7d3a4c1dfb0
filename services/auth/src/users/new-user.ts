import { UserRegistered, type Role } from '@doubleshot/contracts';
import { outboxEvent, uuidV7, type OutboxRow } from '@doubleshot/shared/messaging';
import type { UserWithPassword } from './user-store.ts';

export interface NewUser {
  email: string;
  name: string;
  role: Role;
  passwordHash: string;
}

/** A user with an id, and the fact to tell of it. */
export function newUser(user: NewUser): { user: UserWithPassword; event: OutboxRow } {
  const id = uuidV7();
  const { email, name, role } = user;
  return {
    user: { id, ...user },
    event: outboxEvent(UserRegistered, { source: '/doubleshot/auth', subject: id, data: { userId: id, email, name, role } }),
  };
}
