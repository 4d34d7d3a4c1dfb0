import type { Outbox } from '@doubleshot/shared/messaging';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { StaffCredentials } from '../settings.ts';
import { newUser } from './new-user.ts';
import type { UserStore } from './user-store.ts';

const STAFF_NAME = 'Staff';

export interface SeedStaffDeps {
  users: UserStore;
  passwords: PasswordHasher;
  outbox: Pick<Outbox, 'wake'>;
}

/**
 * Makes sure that the configured staff user exists with the configured password. Whoever had registered with that address before loses it:
 * the configuration says whose it is.
 */
export async function seedStaff({ users, passwords, outbox }: SeedStaffDeps, { email, password }: StaffCredentials): Promise<void> {
  const known = await users.findByEmail(email);
  if (known !== undefined) {
    const upToDate = known.role === 'staff' && (await passwords.matches(password, known.passwordHash));
    if (!upToDate) await users.makeStaff(known.id, await passwords.hash(password));
    return;
  }
  const { user, event } = newUser({ email, name: STAFF_NAME, role: 'staff', passwordHash: await passwords.hash(password) });
  // When it is taken by now, another process was starting too, with the same configuration.
  if (await users.add(user, event)) outbox.wake();
}
