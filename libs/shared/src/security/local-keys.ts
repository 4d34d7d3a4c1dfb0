import type { JWK } from 'jose';
import type { LocalKeys } from './keys.ts';

/** Hands the public keys of the auth module to verifiers in the same process. Without an auth module there are none. */
export function createLocalKeys(): LocalKeys {
  let source: () => Promise<readonly JWK[]> = () => Promise.resolve([]);
  return {
    provide: (provided) => {
      source = provided;
    },
    current: () => source(),
  };
}
