import type { KeySource } from './keys.ts';

/** Public keys published by another process as a JSON Web Key Set. Each call of `current` fetches them; rejects when that fails or takes over 2 s. */
export function createRemoteKeys({ url }: { url: string }): KeySource {
  return {
    current: async () => {
      // Its client is large, and not needed where the keys are in the process.
      const { fetchKeySet } = await import('./fetch-key-set.ts');
      return fetchKeySet(url);
    },
  };
}
