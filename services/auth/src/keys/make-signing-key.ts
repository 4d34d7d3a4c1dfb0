import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { seal } from './seal.ts';
import type { StoredKey } from './signing-key-store.ts';

export interface NewKey {
  algorithm: string;
  signsFromMs: number;
  tokenTtlMs: number;
  secret: string;
}

/** Makes a key pair; its id is the RFC 7638 thumbprint of the public half, the private half is sealed. */
export async function makeSigningKey({ algorithm, signsFromMs, tokenTtlMs, secret }: NewKey): Promise<StoredKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    kid,
    algorithm,
    publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' },
    sealedPrivateKey: await seal(Buffer.from(await exportPKCS8(privateKey)), secret, kid),
    signsFromMs,
    tokenTtlMs,
  };
}
