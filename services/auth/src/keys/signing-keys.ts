import { ProblemError } from '@doubleshot/shared/errors';
import type { CryptoKey, JWK } from 'jose';
import { applySchedule, type ScheduleOptions } from './apply-schedule.ts';
import { planKeys } from './key-schedule.ts';
import { openSigningKey } from './open-signing-key.ts';
import { createPublishedKeys } from './published-keys.ts';
import { readKeys, type StoredKey } from './signing-key-store.ts';

export interface SigningKey {
  kid: string;
  algorithm: string;
  privateKey: CryptoKey;
}

/** The signing keys that all auth processes on one database share. */
export interface SigningKeys {
  /** Reads the keys; makes and removes what the schedule asks for. Rejects with a `SettingsError` when they were sealed with another secret. */
  maintain(): Promise<void>;
  /** The key that signs at this time of the database's clock. Reads the keys if that was not done yet. */
  signing(nowMs: number): Promise<SigningKey>;
  /** Whether there is a key to sign with. */
  areOpen(): boolean;
  /** Public keys of all, also of those that do not sign yet or any more; from memory when the database is away. */
  published(): Promise<readonly JWK[]>;
}

type OpenKey = StoredKey & { privateKey: CryptoKey };

export function createSigningKeys(options: ScheduleOptions): SigningKeys {
  const { database, policy, secret } = options;
  const published = createPublishedKeys(async () => (await readKeys(database)).keys.map((key) => key.publicJwk));
  let open: readonly OpenKey[] = [];
  let maintaining: Promise<void> | undefined;

  const maintainNow = async (): Promise<void> => {
    const before = await readKeys(database);
    // A wrong secret is found before anything is made with it.
    open = await openAll(before.keys, open, secret);
    await applySchedule(options, before);
    open = await openAll((await readKeys(database)).keys, open, secret);
    published.forget();
  };
  const maintain = (): Promise<void> => {
    maintaining ??= maintainNow().finally(() => {
      maintaining = undefined;
    });
    return maintaining;
  };

  return {
    maintain,
    signing: async (nowMs) => {
      if (open.length === 0) await maintain();
      const { signing } = planKeys(open, policy, nowMs);
      const key = open.find(({ kid }) => kid === signing);
      if (key === undefined) throw new ProblemError('unavailable', 'There is no signing key yet.');
      return key;
    },
    areOpen: () => open.length > 0,
    published: published.current,
  };
}

// Opening a key is slow by design: those that are open stay so.
function openAll(stored: readonly StoredKey[], open: readonly OpenKey[], secret: string): Promise<readonly OpenKey[]> {
  const known = new Map(open.map((key) => [key.kid, key.privateKey]));
  return Promise.all(stored.map(async (key) => ({ ...key, privateKey: known.get(key.kid) ?? (await openSigningKey(key, secret)) })));
}
