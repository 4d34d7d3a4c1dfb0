import { setTimeout as sleep } from 'node:timers/promises';
import type { Span } from '../receivers/span.ts';

const POLL_MS = 200;
/** Processes send their spans at least once a second. */
const QUIET_MS = 1_500;
/** The last things that happen to an order. */
const LAST_OPERATIONS = ['send email', 'process notifications.inapp'];

export interface AwaitTraceOptions {
  timeoutMs: number;
  now?: () => number;
}

/** Resolves with an order's spans when both notifications have gone out and no more spans arrive, or with what is there after the time-out. */
export async function awaitTrace(read: () => Promise<readonly Span[]>, { timeoutMs, now = () => performance.now() }: AwaitTraceOptions): Promise<readonly Span[]> {
  const deadline = now() + timeoutMs;
  let spans: readonly Span[] = [];
  let changedAt = now();
  while (now() < deadline) {
    const current = await read();
    if (current.length !== spans.length) changedAt = now();
    spans = current;
    const whole = LAST_OPERATIONS.every((name) => spans.some((span) => span.name === name));
    if (whole && now() - changedAt >= QUIET_MS) break;
    await sleep(POLL_MS);
  }
  return spans;
}
