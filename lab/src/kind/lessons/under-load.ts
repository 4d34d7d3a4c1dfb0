import { setTimeout as delay } from 'node:timers/promises';
import { createLoadLedger } from '../../load/load-ledger.ts';
import { renderLoadProgress } from '../../load/load-lines.ts';
import { runLoad, type LoadSummary } from '../../load/run-load.ts';
import type { BrewInCluster } from '../brews.ts';

export interface UnderLoadOptions {
  brew: BrewInCluster;
  /** Of the ingress on this machine. */
  port: number;
  /** Orders per second. */
  rate: number;
  /** Whether a customer whose request had no answer, or a bad one, tries again with the same key. */
  retries: boolean;
  /** How long it goes on before and after what is done, so that that shows in the figures. */
  asideMs: number;
  onProgress: (message: string) => void;
}

const CUSTOMERS = 10;
const SEED = 1;
const PROGRESS_EVERY_MS = 2_000;
/** No lesson takes as long: whoever began the load ends it. */
const LONGEST_MS = 3_600_000;

/** Does something while orders are placed; resolves when the last of them has been answered. */
export async function underLoad(options: UnderLoadOptions, act: () => Promise<void>): Promise<LoadSummary> {
  const { brew, port, rate, retries, asideMs, onProgress } = options;
  const ending = new AbortController();
  const ledger = await createLoadLedger(`kind-${brew.name}`);
  const begun = Promise.withResolvers<undefined>();
  let due = PROGRESS_EVERY_MS;
  try {
    const loading = runLoad({
      baseUrl: `http://${brew.host}:${port}`,
      ledger,
      seed: SEED,
      pace: { rate },
      durationMs: LONGEST_MS,
      customers: CUSTOMERS,
      retryUnknownShare: retries ? 1 : 0,
      signal: ending.signal,
      onSent: () => { begun.resolve(undefined); },
      onProgress: (now) => {
        if (now.elapsedMs < due) return;
        due = now.elapsedMs + PROGRESS_EVERY_MS;
        onProgress(`${brew.name}: ${renderLoadProgress(now)}`);
      },
    });
    // Whether it fails or not, it ends with what is done.
    const acting = (async () => {
      await Promise.race([begun.promise, loading]);
      await delay(asideMs);
      await act();
      await delay(asideMs);
    })().finally(() => { ending.abort(); });
    const [summary] = await Promise.all([loading, acting]);
    return summary;
  } finally {
    ending.abort();
    await ledger.close();
  }
}
