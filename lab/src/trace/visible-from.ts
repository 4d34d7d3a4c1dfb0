import type { Span } from '../receivers/span.ts';
import { isDatabaseSpan } from './span-names.ts';

/** PostgreSQL's clock reaches us in whole milliseconds. */
const STEP_MS = 1;

/**
 * When a relay could see its row. The span of the relay begins with the row's time, and that is PostgreSQL's `now()`: the beginning of the transaction that wrote it.
 * That ends with the COMMIT behind it, or, where the statement was alone, with the statement.
 */
export function visibleFrom(relay: Span, siblings: readonly Span[]): number {
  const statements = siblings.filter(isDatabaseSpan).toSorted((a, b) => a.startMs - b.startMs);
  const begun = (span: Span): boolean => span.startMs < relay.startMs + STEP_MS;
  const over = ({ startMs, durationMs }: Span): number => startMs + durationMs;
  const beginning = statements.findLast((span) => span.name === 'BEGIN' && begun(span));
  const committing = beginning && statements.find(({ name, startMs }) => name === 'COMMIT' && startMs > beginning.startMs);
  if (committing !== undefined && over(committing) > relay.startMs) return over(committing);
  const alone = statements.findLast((span) => begun(span) && over(span) > relay.startMs);
  return alone === undefined ? relay.startMs : over(alone);
}
