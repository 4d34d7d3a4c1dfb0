import { createLatencyRecorder, type LatencySummary } from './latency.ts';
import type { Outcome } from './ledger-entry.ts';
import type { AttemptResult } from './place-order.ts';

export interface LoadProgress {
  sent: number;
  ended: number;
  total: number | undefined;
  outcomes: Readonly<Record<Outcome, number>>;
  elapsedMs: number;
}

export interface LoadSummary {
  seed: number;
  customers: number;
  orders: number;
  attempts: number;
  outcomes: Readonly<Record<Outcome, number>>;
  /** Why attempts were refused or stayed unknown, with how often. */
  reasons: Readonly<Record<string, number>>;
  elapsedMs: number;
  acknowledgedPerSecond: number;
  /** Acknowledged orders, from the intended send time. */
  latency: LatencySummary;
}

/** Counts a load while it runs. */
export interface Tally {
  /** Answers how many have been sent with this one. */
  sent(): number;
  attempted(result: AttemptResult): void;
  ended(result: AttemptResult, latencyMs: number): void;
  progress(): LoadProgress;
  summary(): Omit<LoadSummary, 'seed' | 'customers'>;
}

export function createTally(total: number | undefined): Tally {
  const begin = performance.now();
  const latency = createLatencyRecorder();
  const outcomes: Record<Outcome, number> = { acknowledged: 0, unknown: 0, refused: 0 };
  const reasons: Record<string, number> = {};
  let sent = 0;
  let ended = 0;
  let attempts = 0;
  return {
    sent: () => (sent += 1),
    attempted(result) {
      attempts += 1;
      if (result.reason !== undefined) reasons[result.reason] = (reasons[result.reason] ?? 0) + 1;
    },
    ended(result, latencyMs) {
      ended += 1;
      outcomes[result.outcome] += 1;
      if (result.outcome === 'acknowledged') latency.record(latencyMs);
    },
    progress: () => ({ sent, ended, total, outcomes, elapsedMs: performance.now() - begin }),
    summary() {
      const elapsedMs = performance.now() - begin;
      return { orders: ended, attempts, outcomes, reasons, elapsedMs, acknowledgedPerSecond: (outcomes.acknowledged / elapsedMs) * 1000, latency: latency.summary() };
    },
  };
}
