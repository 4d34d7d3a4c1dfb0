import type { JWK } from 'jose';

/** Where a verifier gets public keys: asked again for key ids it does not know, never for each token. */
export interface KeySource {
  current(): Promise<readonly JWK[]>;
}

/** Public keys of an auth module in the same process. Verifiers ask `current` for each key id they do not know yet. */
export interface LocalKeys extends KeySource {
  provide(source: () => Promise<readonly JWK[]>): void;
}
