import type { Span } from '../receivers/span.ts';
import { causalChain } from './causal-chain.ts';
import { endOf } from './critical-path.ts';

/** The one statement by which an order becomes ready, and its commit. */
const COMMITTED = 'orders.finish-station';
const HANDLED = 'process notifications.inapp';

/**
 * Milliseconds from the commit that made an order ready until its in-app notification was handled: stored, and pushed to who listens. Nothing where the spans of the order do not tell.
 * Of a notification that was handled again the first time counts.
 */
export function commitToNotified(spans: readonly Span[]): number | undefined {
  const [handled] = spans.filter(({ name, attributes }) => name === HANDLED && attributes['doubleshot.message.outcome'] === 'done').toSorted((a, b) => endOf(a) - endOf(b));
  if (handled === undefined) return undefined;
  const causes = new Set(causalChain(spans, handled).map(({ spanId }) => spanId));
  const committed = spans.find(({ name, parentSpanId }) => name === COMMITTED && causes.has(parentSpanId ?? ''));
  return committed === undefined ? undefined : endOf(handled) - endOf(committed);
}
