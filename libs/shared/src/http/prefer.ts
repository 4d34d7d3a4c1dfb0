/** Longest wait that is honoured. */
export const LONGEST_WAIT_MS = 30_000;

const WAIT = /^wait\s*=\s*"?(\d{1,9})"?$/i;

/** The `wait` preference of a `Prefer` header (RFC 7240) in milliseconds, 30,000 at most; `undefined` when there is none. The first one counts. */
export function parsePreferWaitMs(prefer: string | undefined): number | undefined {
  for (const preference of (prefer ?? '').split(',')) {
    const seconds = WAIT.exec(preference.split(';', 1)[0]?.trim() ?? '')?.[1];
    if (seconds !== undefined) return Math.min(Number(seconds) * 1_000, LONGEST_WAIT_MS);
  }
  return undefined;
}
