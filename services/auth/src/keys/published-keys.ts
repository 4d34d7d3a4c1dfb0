import type { JWK } from 'jose';

/** Long enough to spare the database a flood of requests, short enough for a key made elsewhere a moment ago. */
const KEPT_FOR_MS = 1_000;

export interface PublishedKeys {
  /** Public keys, at most a second old; those last read when they cannot be read now. Rejects when they were never read. */
  current(): Promise<readonly JWK[]>;
  /** The next call reads again. */
  forget(): void;
}

export function createPublishedKeys(read: () => Promise<readonly JWK[]>): PublishedKeys {
  let asked: { atMs: number; answer: Promise<readonly JWK[]> } | undefined;
  let lastRead: readonly JWK[] | undefined;

  const readOrRemember = async (): Promise<readonly JWK[]> => {
    try {
      lastRead = await read();
    } catch (error) {
      if (lastRead === undefined) throw error;
    }
    return lastRead;
  };

  return {
    current: () => {
      const nowMs = performance.now();
      if (asked === undefined || nowMs - asked.atMs > KEPT_FOR_MS) asked = { atMs: nowMs, answer: readOrRemember() };
      return asked.answer;
    },
    forget: () => {
      asked = undefined;
    },
  };
}
