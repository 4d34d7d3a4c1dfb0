import { SettingsError } from '@doubleshot/shared/config';
import { importPKCS8, type CryptoKey } from 'jose';
import { unseal, UnsealError } from './seal.ts';
import type { StoredKey } from './signing-key-store.ts';

const WRONG_SECRET =
  'is not the secret that the signing keys in the database were encrypted with: give that one, ' +
  'or delete the rows of auth.signing_keys to have new keys made (access tokens given out so far then stop working)';

/** Decrypts a private key. Rejects with a `SettingsError` when it was sealed with another secret. */
export async function openSigningKey(key: StoredKey, secret: string): Promise<CryptoKey> {
  try {
    const pem = await unseal(key.sealedPrivateKey, secret, key.kid);
    return await importPKCS8(pem.toString(), key.algorithm);
  } catch (error) {
    if (error instanceof UnsealError) throw new SettingsError([{ variable: 'SIGNING_KEY_SECRET', fault: WRONG_SECRET }]);
    throw error;
  }
}
