/** Members of a sorted set that are kept. */
export const MOST_MEMBERS = 10_000;

/**
 * A cache: what it holds may vanish at any time, and nothing lives here alone.
 * No method rejects because the cache is down or slow: reads miss, writes are dropped, and the fault is counted.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  /** Keeps `value` for `ttlMs` at most; not at all when that is 0. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /**
   * Reads `key`, or computes and stores it. Calls for one key that come while it is computed share one computation (single flight).
   * Rejects only if `compute` does.
   */
  remember(key: string, ttlMs: number, compute: () => Promise<string>): Promise<string>;
  /**
   * Raises members of a sorted set to at least these scores; who has more keeps it. So the same call again, late or out of order changes nothing.
   * The set is gone `ttlMs` after its first member came, however often it is raised. It is bounded: the lowest of more than 10,000 leave.
   */
  raiseScores(set: string, scores: ReadonlyMap<string, number>, ttlMs: number): Promise<void>;
  /** Members with the highest scores, highest first, equal ones in reverse order of their names; `undefined` when the set is not there. */
  topScores(set: string, limit: number): Promise<readonly { member: string; score: number }[] | undefined>;
  /** Rejects with the reason when the cache cannot be used now: for people, as everything goes on without it. */
  ready(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}
