import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { counterOf } from '../telemetry/counter-of.ts';

const LOG_EVERY_MS = 10_000;

/** `away`: not connected; `failed`: no answer in time, or an error for an answer; `skipped`: not asked, as it failed several times in a row. */
export type CacheFault = 'away' | 'failed' | 'skipped';

/** Counts and now and then logs what callers do without a cache. */
export interface CacheFaults {
  count(fault: CacheFault, reason: string): void;
  /** The cache answers: said once after a fault that was logged. */
  over(): void;
}

export function createCacheFaults({ logger, metrics }: { logger: Logger; metrics: Registry }): CacheFaults {
  const faults = counterOf(metrics, { name: 'doubleshot_cache_faults_total', help: 'Calls that had to do without the cache.', labelNames: ['fault'] });
  let loggedAtMs = -Infinity;
  let unlogged = 0;
  let isTold = false;
  return {
    count: (fault, reason) => {
      faults.labels(fault).inc();
      unlogged += 1;
      if (performance.now() - loggedAtMs < LOG_EVERY_MS) return;
      logger.warn({ reason, faults: unlogged }, 'doing without the cache');
      loggedAtMs = performance.now();
      unlogged = 0;
      isTold = true;
    },
    over: () => {
      if (!isTold) return;
      isTold = false;
      logger.info({ faults: unlogged }, 'the cache answers again');
      unlogged = 0;
    },
  };
}
