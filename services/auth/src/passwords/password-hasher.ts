import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { Counter, Gauge, type Registry } from 'prom-client';
import { createBoundedQueue } from './bounded-queue.ts';

/** OWASP's second choice for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. */
export const PASSWORD_HASH_PARAMETERS = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

const SALT_BYTES = 16;
const HASH_BYTES = 32;

export interface PasswordHasher {
  /** The encoded argon2id hash. Rejects with `overloaded` when too many passwords wait. */
  hash(password: string, signal?: AbortSignal): Promise<string>;
  /**
   * Whether the password is the one that was hashed. Without a hash (an unknown user) the same work is done for nothing and the answer is `false`.
   * Rejects with `overloaded` when too many passwords wait.
   */
  matches(password: string, encoded: string | undefined, signal?: AbortSignal): Promise<boolean>;
  /** Whether a hash was made with other parameters than those of today. */
  isOutdated(encoded: string): boolean;
}

export interface PasswordHasherOptions {
  /** Hashes at once. More than the cores would also starve what else runs on Node's thread pool. */
  concurrency: number;
  queueLimit: number;
  metrics: Registry;
}

export function createPasswordHasher({ concurrency, queueLimit, metrics }: PasswordHasherOptions): PasswordHasher {
  const queue = createBoundedQueue({ concurrency, queueLimit });
  const counted = countHashes(metrics, () => queue.waiting());
  /** Of no password, and as costly to compare with as any other. */
  const nobody = encodedHash(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

  return {
    hash: (password, signal) =>
      queue.run(() => {
        counted('hash');
        return hash(normalized(password), PASSWORD_HASH_PARAMETERS);
      }, signal),
    matches: (password, encoded, signal) =>
      queue.run(async () => {
        counted('verify');
        const same = await verify(encoded ?? nobody, normalized(password));
        return same && encoded !== undefined;
      }, signal),
    isOutdated: (encoded) => {
      const { memoryCost, timeCost, parallelism } = parseOptions(encoded);
      const today = PASSWORD_HASH_PARAMETERS;
      return memoryCost !== today.memoryCost || timeCost !== today.timeCost || parallelism !== today.parallelism;
    },
  };
}

/** As the reference implementation of argon2 writes it. */
function encodedHash(salt: Buffer, digest: Buffer): string {
  const { memoryCost, timeCost, parallelism } = PASSWORD_HASH_PARAMETERS;
  const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${base64(salt)}$${base64(digest)}`;
}

/** One password typed on two systems can differ in code points (é, or e with an accent): NIST SP 800-63B asks for one form. */
function normalized(password: string): string {
  return password.normalize('NFKC');
}

function countHashes(metrics: Registry, waiting: () => number): (work: 'hash' | 'verify') => void {
  const computed = new Counter({
    name: 'doubleshot_password_hashes_total',
    help: 'argon2id computations, by what for.',
    labelNames: ['work'],
    registers: [metrics],
  });
  new Gauge({
    name: 'doubleshot_password_hashes_waiting',
    help: 'Passwords that wait for their hash.',
    registers: [metrics],
    collect() {
      this.set(waiting());
    },
  });
  return (work) => {
    computed.inc({ work });
  };
}
