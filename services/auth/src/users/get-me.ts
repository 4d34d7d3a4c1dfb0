import type { getMe } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import type { Handler } from '@doubleshot/shared/http';
import type { UserStore } from './user-store.ts';

/** The user as stored now: name and role may have changed since the token was signed. */
export function createGetMe(users: UserStore): Handler<typeof getMe> {
  return async ({ principal }) => {
    const user = await users.find(principal.userId);
    if (user === undefined) throw new ProblemError('token_invalid', 'The user of this token does not exist any more.');
    return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: { user } };
  };
}
