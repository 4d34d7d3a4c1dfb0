import type { register } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import type { Handler } from '@doubleshot/shared/http';
import type { Outbox } from '@doubleshot/shared/messaging';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import { newUser } from './new-user.ts';
import type { UserStore } from './user-store.ts';

export interface RegisterDeps {
  users: UserStore;
  passwords: PasswordHasher;
  outbox: Pick<Outbox, 'wake'>;
}

/** Adds a customer and tells of it, in one statement. */
export function createRegister({ users, passwords, outbox }: RegisterDeps): Handler<typeof register> {
  return async ({ body: { email, password, name }, signal }) => {
    const passwordHash = await passwords.hash(password, signal);
    const { user, event } = newUser({ email, name, role: 'customer', passwordHash });
    if (!(await users.add(user, event))) throw new ProblemError('email_taken');
    outbox.wake();
    return { status: 201, body: { user: { id: user.id, email, name, role: user.role } } };
  };
}
