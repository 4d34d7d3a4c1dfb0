import type { Outcome } from './message.ts';

/** Delays between the tries of an event, when its consumer names none. They hold back the later events of the same key. */
export const EVENT_RETRY_DELAYS_MS: readonly number[] = [50, 200, 1_000, 3_000, 10_000];

/** While a backend is away the message is not at fault: its tries do not count, and the wait stays short so that work resumes with the backend. */
const UNAVAILABLE_DELAY_MS = 1_000;

/** Names of errors that speak of a backend, or of a handler that was told to stop, not of the message. */
const UNAVAILABLE_ERRORS = new Set(['DatabaseUnavailableError', 'MailerUnavailableError', 'AbortError']);

/** Names of errors that no retry can help. */
const FINAL_ERRORS = new Set(['PoisonError', 'MailRefusedError']);

const LONGEST_REASON = 500;

/** What becomes of a message whose handler threw `error` at try number `attempt`: parked, or tried again after a growing delay. */
export function outcomeOfError(error: unknown, attempt: number, retryDelaysMs: readonly number[]): Outcome {
  const reason = reasonOf(error);
  const name = error instanceof Error ? error.name : '';
  if (FINAL_ERRORS.has(name)) return { kind: 'park', reason };
  if (UNAVAILABLE_ERRORS.has(name)) return { kind: 'retry', delayMs: unavailableDelayMs(retryDelaysMs), reason, counts: false };
  const delayMs = retryDelaysMs[attempt - 1];
  return delayMs === undefined ? { kind: 'park', reason: `${reason} (gave up after ${attempt} tries)` } : { kind: 'retry', delayMs, reason };
}

function unavailableDelayMs(retryDelaysMs: readonly number[]): number {
  return retryDelaysMs.length === 0 ? UNAVAILABLE_DELAY_MS : Math.min(Math.max(...retryDelaysMs), UNAVAILABLE_DELAY_MS);
}

/** One line that says why. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
}
