import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { KeySource } from './keys.ts';

/** Unknown key ids, which anybody can make up, cause at most one fetch in this time. */
const MIN_REFETCH_INTERVAL_MS = 2_000;
/** Known keys are looked at again after this time, in the background, so that withdrawn ones go. */
const REFRESH_AFTER_MS = 300_000;

export interface KeyRingOptions {
  keys: KeySource;
  algorithms: readonly string[];
  minRefetchIntervalMs?: number;
  refreshAfterMs?: number;
}

export interface KeyRing {
  /**
   * The key with this id for this algorithm, or `undefined` when the source has none such. Rejects when the key is not known and the source could not be asked:
   * whether the token is good is then unknown.
   */
  find(keyId: string, algorithm: string): Promise<CryptoKey | undefined>;
}

/** Remembers public keys by id and asks their source for unknown ones: one call at a time, and not more often than the interval. */
export function createKeyRing({ keys, algorithms, minRefetchIntervalMs = MIN_REFETCH_INTERVAL_MS, refreshAfterMs = REFRESH_AFTER_MS }: KeyRingOptions): KeyRing {
  let known: ReadonlyMap<string, CryptoKey> = new Map();
  let running: Promise<void> | undefined;
  let askedAtMs = -Infinity;
  let failure: Error | undefined;

  const load = async (): Promise<void> => {
    try {
      known = await importKeys(await keys.current(), algorithms);
      failure = undefined;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      running = undefined;
    }
  };
  const refetch = (): Promise<void> => {
    if (running === undefined) {
      askedAtMs = performance.now();
      running = load();
    }
    return running;
  };

  return {
    find: async (keyId, algorithm) => {
      const id = ringId(keyId, algorithm);
      const ageMs = performance.now() - askedAtMs;
      if (known.has(id)) {
        if (ageMs > refreshAfterMs) void refetch();
        return known.get(id);
      }
      if (running !== undefined || ageMs >= minRefetchIntervalMs) await refetch();
      if (!known.has(id) && failure !== undefined) throw failure;
      return known.get(id);
    },
  };
}

function ringId(keyId: string, algorithm: string): string {
  return `${algorithm} ${keyId}`;
}

async function importKeys(keys: readonly JWK[], algorithms: readonly string[]): Promise<Map<string, CryptoKey>> {
  const imported = new Map<string, CryptoKey>();
  for (const jwk of keys) {
    if (jwk.kid === undefined || jwk.alg === undefined || !algorithms.includes(jwk.alg) || (jwk.use ?? 'sig') !== 'sig') continue;
    const key = await importJWK(jwk, jwk.alg);
    if (!(key instanceof Uint8Array) && key.type === 'public') imported.set(ringId(jwk.kid, jwk.alg), key);
  }
  return imported;
}
