import { expect, vi } from 'vitest';

const DEADLINE_MS = 5_000;
const INTERVAL_MS = 10;

/** Waits until `condition` holds; fails with `why` when it does not within five seconds. */
export async function eventually(condition: () => boolean, why: string): Promise<void> {
  await vi.waitFor(() => expect(condition(), why).toBe(true), { timeout: DEADLINE_MS, interval: INTERVAL_MS });
}
