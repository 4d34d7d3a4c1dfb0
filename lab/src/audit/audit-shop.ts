import { runLoad, type LoadSummary } from '../load/run-load.ts';
import { scarceStockFor } from './audit-defaults.ts';
import { auditLoad, type AuditVerdict, type LoadParts } from './audit-load.ts';
import type { AuditedShop } from './audited-shop.ts';
import { planKills } from './kill-plan.ts';
import { createKiller } from './kills.ts';

export interface AuditOptions {
  /** Orders to place. */
  orders: number;
  /** Orders per second, whatever the answers do. */
  rate: number;
  customers: number;
  seed: number;
  /** `kill -9`s of each process during the load; 0 leaves the shop in peace. */
  killsPerProcess: number;
  /** File of the ledger. */
  ledgerPath: string;
  /** Share of unknown outcomes that the client tries again with the same key. */
  retryUnknownShare: number;
  /** How long the pipes may take to run empty. */
  drainDeadlineMs: number;
  onProgress?: (progress: AuditProgress) => void;
}

export type AuditProgress =
  | { step: 'prepare' }
  | { step: 'load'; sent: number; total: number; acknowledged: number; unknown: number; refused: number }
  | { step: 'kill'; process: string }
  | { step: 'drain'; waiting: number }
  | { step: 'observe' };

export interface AuditResult extends AuditVerdict {
  seed: number;
  kills: number;
  killsByProcess: Readonly<Record<string, number>>;
  load: LoadSummary;
  elapsedMs: number;
}

/** Loads a running shop, kills its processes meanwhile, lets it drain, and compares the ledger with what can be seen from outside. */
export async function auditShop(shop: AuditedShop, options: AuditOptions): Promise<AuditResult> {
  const begin = performance.now();
  const audited = await auditLoad(shop, {
    ...options,
    scarceStock: scarceStockFor(options.orders),
    load: (parts) => loadAndKill(shop, parts, options),
  });
  return { seed: options.seed, ...audited, elapsedMs: performance.now() - begin };
}

async function loadAndKill(shop: AuditedShop, { customers, ledger }: LoadParts, options: AuditOptions): Promise<Pick<AuditResult, 'kills' | 'killsByProcess' | 'load'>> {
  const plan = planKills(shop.processes.map((process) => process.name), options);
  const killer = createKiller(plan, shop.processes, (process) => options.onProgress?.({ step: 'kill', process }));
  const load = await runLoad({
    baseUrl: shop.baseUrl,
    ledger,
    seed: options.seed,
    pace: { rate: options.rate },
    orders: options.orders,
    customers,
    retryUnknownShare: options.retryUnknownShare,
    onSent: killer.at,
    onProgress: ({ sent, outcomes }) => options.onProgress?.({ step: 'load', sent, total: options.orders, ...outcomes }),
  });
  const killsByProcess = await killer.settled();
  return { load, kills: [...killsByProcess.values()].reduce((sum, count) => sum + count, 0), killsByProcess: Object.fromEntries(killsByProcess) };
}
