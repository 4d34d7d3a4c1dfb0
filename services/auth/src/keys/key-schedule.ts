/** A signing key as the schedule sees it. Times are milliseconds of the database's clock. */
export interface ScheduledKey {
  kid: string;
  algorithm: string;
  signsFromMs: number;
  /** The longest life of a token it may have signed. */
  tokenTtlMs: number;
}

export interface KeyPolicy {
  /** Algorithms that verifiers accept; the first is the one to sign with. */
  algorithms: readonly string[];
  rotationMs: number;
  leadMs: number;
}

/** What should happen to the keys now. */
export interface KeyPlan {
  /** The key that signs; none before the first was made. */
  signing: string | undefined;
  /** A key to make, and when it begins to sign. */
  create: { algorithm: string; signsFromMs: number } | undefined;
  /** Keys whose last token has expired. */
  remove: readonly string[];
}

/** What a verifier's clock may be behind, plus what a process may sign on with a key before it has read of the next one. */
const EXPIRY_MARGIN_MS = 120_000;

/** Pure: decides from the keys there are. A key is published from the moment it is made until it is removed. */
export function planKeys(keys: readonly ScheduledKey[], policy: KeyPolicy, nowMs: number): KeyPlan {
  const inOrder = keys.toSorted((a, b) => a.signsFromMs - b.signsFromMs || (a.kid < b.kid ? -1 : 1));
  const usable = inOrder.filter((key) => policy.algorithms.includes(key.algorithm));
  // The very first key may be younger than the time it is asked for: there is no other.
  const signing = usable.findLast((key) => key.signsFromMs <= nowMs) ?? usable[0];
  return { signing: signing?.kid, create: missingKey(usable, policy, nowMs), remove: expiredKeys(inOrder, usable, nowMs) };
}

function missingKey(usable: readonly ScheduledKey[], policy: KeyPolicy, nowMs: number): KeyPlan['create'] {
  const [algorithm] = policy.algorithms;
  if (algorithm === undefined) throw new Error('no signing algorithm is configured');
  const newest = usable.at(-1);
  // Nothing can sign: there is no time to publish first.
  if (newest === undefined) return { algorithm, signsFromMs: nowMs };
  const due = nowMs >= newest.signsFromMs + policy.rotationMs - policy.leadMs;
  if (newest.algorithm === algorithm && !due) return undefined;
  // One successor at a time: while a key waits for its turn, the next is not made.
  if (newest.algorithm === algorithm && newest.signsFromMs > nowMs) return undefined;
  return { algorithm, signsFromMs: Math.max(nowMs, newest.signsFromMs) + policy.leadMs };
}

function expiredKeys(inOrder: readonly ScheduledKey[], usable: readonly ScheduledKey[], nowMs: number): readonly string[] {
  return inOrder
    .filter((key) => {
      const successor = usable.find((other) => inOrder.indexOf(other) > inOrder.indexOf(key));
      return successor !== undefined && successor.signsFromMs + key.tokenTtlMs + EXPIRY_MARGIN_MS <= nowMs;
    })
    .map((key) => key.kid);
}
