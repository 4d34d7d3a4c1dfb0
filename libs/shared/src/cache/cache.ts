/**
 * A cache: what it holds may vanish at any time, and nothing lives here alone.
 * No method rejects because the cache is down or slow: reads miss, writes are dropped, and the fault is counted.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /**
   * Reads `key`, or computes and stores it. Calls for one key that come while it is computed share one computation (single flight).
   * Rejects only if `compute` does.
   */
  remember(key: string, ttlMs: number, compute: () => Promise<string>): Promise<string>;
  /** Adds to the score of members of a sorted set. */
  addScores(set: string, scores: ReadonlyMap<string, number>): Promise<void>;
  /** Members with the highest scores, highest first; `undefined` when the set is not there. */
  topScores(set: string, limit: number): Promise<readonly { member: string; score: number }[] | undefined>;
  ready(): Promise<void>;
  close(): Promise<void>;
}
