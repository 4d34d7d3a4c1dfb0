import type { Database } from '@doubleshot/shared/database';
import { planKeys, type KeyPolicy } from './key-schedule.ts';
import { makeSigningKey } from './make-signing-key.ts';
import { changeKeys, deleteKeys, insertKey, lengthenTokenTtl, type StoredKeys } from './signing-key-store.ts';

export interface ScheduleOptions {
  database: Database;
  policy: KeyPolicy;
  tokenTtlSeconds: number;
  /** Encrypts the private halves of new keys. */
  secret: string;
}

/**
 * Makes and removes keys as the schedule asks. A key pair is made before the lock is taken, since that takes long;
 * under the lock the plan is made again, as another process may have been first.
 */
export async function applySchedule({ database, policy, secret, tokenTtlSeconds }: ScheduleOptions, before: StoredKeys): Promise<void> {
  const tokenTtlMs = tokenTtlSeconds * 1_000;
  const { create, remove } = planKeys(before.keys, policy, before.nowMs);
  const lengthens = before.keys.some((key) => key.tokenTtlMs < tokenTtlMs);
  if (create === undefined && remove.length === 0 && !lengthens) return;
  const made = create && (await makeSigningKey({ ...create, secret, tokenTtlMs }));
  await changeKeys(database, async (sql, stored) => {
    const now = planKeys(stored.keys, policy, stored.nowMs);
    if (now.create !== undefined && made?.algorithm === now.create.algorithm) await insertKey(sql, { ...made, signsFromMs: now.create.signsFromMs });
    if (now.remove.length > 0) await deleteKeys(sql, now.remove);
    await lengthenTokenTtl(sql, tokenTtlSeconds);
  });
}
