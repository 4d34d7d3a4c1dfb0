import type { LoadProgress, LoadSummary } from './load-tally.ts';

/** Where a load stands, in one line. */
export function renderLoadProgress({ sent, ended, total, outcomes, elapsedMs }: LoadProgress): string {
  const of = total === undefined ? '' : ` of ${total}`;
  const perSecond = elapsedMs > 0 ? (outcomes.acknowledged / elapsedMs) * 1000 : 0;
  return `sent ${sent}${of} · ${perSecond.toFixed(0)}/s · in flight ${sent - ended} · acknowledged ${outcomes.acknowledged} · unknown ${outcomes.unknown} · refused ${outcomes.refused}`;
}

/** What a load came to, as lines for a terminal. */
export function renderLoadSummary(summary: LoadSummary): string {
  const { latency, outcomes } = summary;
  const reasons = Object.entries(summary.reasons).sort(([, a], [, b]) => b - a);
  return [
    `${summary.orders} orders by ${summary.customers} customers in ${(summary.elapsedMs / 1000).toFixed(1)} s, ${summary.attempts} attempts, seed ${summary.seed}`,
    `throughput   ${summary.acknowledgedPerSecond.toFixed(1)} acknowledged each second`,
    `latency      p50 ${latency.p50Ms.toFixed(1)} ms, p99 ${latency.p99Ms.toFixed(1)} ms, longest ${latency.maxMs.toFixed(1)} ms, from the intended send time`,
    `outcomes     acknowledged ${outcomes.acknowledged}, unknown ${outcomes.unknown}, refused ${outcomes.refused}`,
    ...(reasons.length === 0 ? [] : [`reasons      ${reasons.map(([reason, count]) => `${reason} ${count}`).join(', ')}`]),
  ].join('\n');
}
