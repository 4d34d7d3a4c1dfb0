import { redactText } from '../logging/redaction.ts';
import type { Outcome } from './message.ts';

/** Delays between the tries of an event, when its consumer names none. They hold back the later events of the same key. */
export const EVENT_RETRY_DELAYS_MS: readonly number[] = [50, 200, 1_000, 3_000, 10_000];

/** While a backend is away the message is not at fault: its tries do not count, and the wait stays short so that work resumes with the backend. */
const UNAVAILABLE_DELAY_MS = 1_000;

/** Names of errors that speak of a backend, or of a handler that was told to stop, not of the message. */
const UNAVAILABLE_ERRORS = new Set(['DatabaseUnavailableError', 'MailerUnavailableError', 'AbortError']);

/** Names of errors that no retry can help. */
const FINAL_ERRORS = new Set(['PoisonError', 'MailRefusedError']);

/** The error of a message that came before what it needs. Younger than this it is not at fault; older, its tries count. */
const EARLY_ERROR = 'TooEarlyError';
const EARLY_FOR_MS = 24 * 60 * 60 * 1_000;

const LONGEST_REASON = 500;

export interface FailedTry {
  /** Number of the try. */
  attempt: number;
  /** Since the message was written. */
  ageMs: number;
  retryDelaysMs: readonly number[];
}

/** What becomes of a message whose handler threw `error`: parked, or tried again after a growing delay. */
export function outcomeOfError(error: unknown, { attempt, ageMs, retryDelaysMs }: FailedTry): Outcome {
  const reason = reasonOf(error);
  const name = error instanceof Error ? error.name : '';
  if (FINAL_ERRORS.has(name)) return { kind: 'park', reason };
  if (UNAVAILABLE_ERRORS.has(name)) return { kind: 'retry', delayMs: unavailableDelayMs(retryDelaysMs), reason, counts: false };
  if (name === EARLY_ERROR && ageMs < EARLY_FOR_MS) return { kind: 'retry', delayMs: earlyDelayMs(ageMs, retryDelaysMs), reason, counts: false, early: true };
  const delayMs = retryDelaysMs[attempt - 1];
  return delayMs === undefined ? { kind: 'park', reason: `${reason} (gave up after ${attempt} tries)` } : { kind: 'retry', delayMs, reason };
}

function unavailableDelayMs(retryDelaysMs: readonly number[]): number {
  return retryDelaysMs.length === 0 ? UNAVAILABLE_DELAY_MS : Math.min(Math.max(...retryDelaysMs), UNAVAILABLE_DELAY_MS);
}

/** As long again as it has waited, within the bounds of the delays. */
function earlyDelayMs(ageMs: number, retryDelaysMs: readonly number[]): number {
  const delaysMs = retryDelaysMs.length === 0 ? [UNAVAILABLE_DELAY_MS] : retryDelaysMs;
  return Math.min(Math.max(ageMs, Math.min(...delaysMs)), Math.max(...delaysMs));
}

/** One line that says why, to whoever looks at what is parked: without what log lines do not tell either. */
export function reasonOf(error: unknown): string {
  const text = redactText(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
}
