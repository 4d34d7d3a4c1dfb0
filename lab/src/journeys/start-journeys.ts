import type { Customer } from '../load/customers.ts';
import type { Ledger } from '../load/ledger.ts';
import { runLoad, type LoadSummary } from '../load/run-load.ts';
import type { Attempt } from './journey.ts';
import { startProbes } from './probes.ts';
import type { ToldRecorder } from './told.ts';

/** Customers who go on every journey, again and again, whatever becomes of the shop. */
export interface Journeys {
  /** Sends no more; resolves when the last answer is in. Idempotent. */
  stop(): Promise<LoadSummary>;
}

export interface JourneysOptions {
  baseUrl: string;
  /** They place orders. */
  customers: readonly Customer[];
  /** Looks at their orders, and places none. */
  watcher: Customer;
  ledger: Ledger;
  seed: number;
  /** Orders each second. */
  rate: number;
  /** Learns of each order that is accepted; what is announced it must be told by whoever watches the streams. */
  told: ToldRecorder;
  onAttempt: (attempt: Attempt) => void;
}

const RETRY_UNKNOWN_SHARE = 0.5;
/** There is no more of a drink, or the first attempt of the same order is still under way: what else than a 201 is right. */
const RIGHT_REFUSALS: ReadonlySet<string | undefined> = new Set(['out_of_stock', 'idempotency_in_progress']);
const CONNECTIONS = 256;
/** No load goes on longer than this, whatever keeps a fault from being mended. */
const LONGEST_MS = 10_800_000;

/** Has customers place orders at a steady rate, and probes try what else people do, until stopped. */
export async function startJourneys({ baseUrl, customers, watcher, ledger, seed, rate, told, onAttempt }: JourneysOptions): Promise<Journeys> {
  const over = new AbortController();
  const loading = runLoad({
    ...{ baseUrl, ledger, seed, customers, pace: { rate }, durationMs: LONGEST_MS, signal: over.signal, retryUnknownShare: RETRY_UNKNOWN_SHARE, connections: CONNECTIONS },
    onAttempt: (result, latencyMs) => {
      const endedAt = performance.now();
      const { outcome, reason, status } = result;
      onAttempt({ journey: 'order', startedAt: endedAt - latencyMs, endedAt, ok: outcome === 'acknowledged' || RIGHT_REFUSALS.has(reason), answer: reason ?? String(status) });
      if (result.orderId !== undefined) told.accepted(result.orderId, endedAt);
    },
  });
  try {
    const probes = await startProbes({ baseUrl, customer: watcher, onAttempt });
    let stopped: Promise<LoadSummary> | undefined;
    const stop = async (): Promise<LoadSummary> => {
      over.abort();
      await probes.stop();
      return loading;
    };
    return { stop: () => (stopped ??= stop()) };
  } catch (error) {
    over.abort();
    throw error;
  }
}
