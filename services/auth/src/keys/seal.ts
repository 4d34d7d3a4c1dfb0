import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';

const VERSION = 1;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const HEADER_BYTES = 1 + SALT_BYTES + NONCE_BYTES + TAG_BYTES;
// 32 MiB; Node's own limit is just below.
const SCRYPT: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** The stored bytes were sealed with another secret, for another name, or were changed. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
}

/** Encrypts with AES-256-GCM under a key made from `secret` by scrypt. `boundTo` must be the same to open it. */
export async function seal(plain: Buffer, secret: string, boundTo: string): Promise<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(secret, salt), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(boundTo));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), salt, nonce, cipher.getAuthTag(), sealed]);
}

/** Opens what {@link seal} made; rejects with {@link UnsealError}. */
export async function unseal(bytes: Buffer, secret: string, boundTo: string): Promise<Buffer> {
  if (bytes.length < HEADER_BYTES || bytes[0] !== VERSION) throw new UnsealError('not a sealed value of a known version');
  const salt = bytes.subarray(1, 1 + SALT_BYTES);
  const nonce = bytes.subarray(1 + SALT_BYTES, HEADER_BYTES - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', await deriveKey(secret, salt), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(bytes.subarray(HEADER_BYTES - TAG_BYTES, HEADER_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES)), decipher.final()]);
  } catch (error) {
    throw new UnsealError('the secret does not open it', { cause: error });
  }
}

function deriveKey(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, KEY_BYTES, SCRYPT, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
