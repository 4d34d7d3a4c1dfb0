import type { MenuItem } from '@doubleshot/contracts';
import { createApiClient, type ApiClient } from '../load/api-client.ts';
import { createSession, registerCustomers, type Customer } from '../load/customers.ts';
import { createLedger, readLedger } from '../load/ledger.ts';
import { summarizeKeys } from '../load/ledger-keys.ts';
import { runLoad, type LoadSummary } from '../load/run-load.ts';
import type { AuditedShop } from './audited-shop.ts';
import { drain } from './drain.ts';
import { countByColumn, isClean, type Column, type Finding } from './findings.ts';
import { planKills } from './kill-plan.ts';
import { createKiller } from './kills.ts';
import { observeShop } from './observe-shop.ts';
import { reconcile } from './reconcile.ts';
import { makeScarce, readMenu, readSettledMenu } from './stock.ts';
import { watchStreams } from './stream-watch.ts';

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

export interface AuditResult {
  seed: number;
  kills: number;
  killsByProcess: Readonly<Record<string, number>>;
  load: LoadSummary;
  findings: readonly Finding[];
  counts: Readonly<Record<Column, number>>;
  /** None lost, duplicated, unexpected, stuck or oversold. */
  clean: boolean;
  elapsedMs: number;
}

/** Stock given to one drink so that it sells out under load: the last ones are fought over. */
const SCARCE_STOCK_SHARE = 0.04;
const MENU_CACHE_SETTLE_MS = 700;

/** Loads a running shop, kills its processes meanwhile, lets it drain, and compares the ledger with what can be seen from outside. */
export async function auditShop(shop: AuditedShop, options: AuditOptions): Promise<AuditResult> {
  const begin = performance.now();
  options.onProgress?.({ step: 'prepare' });
  const api = createApiClient(shop.baseUrl);
  const customers = await registerCustomers(api, options.customers);
  const menuBefore = await stockUp(api, shop, options);
  const streams = watchStreams({ baseUrl: shop.baseUrl, customers });
  try {
    await streams.opened();
    const { load, killsByProcess } = await loadAndKill(shop, customers, options);
    const kills = [...killsByProcess.values()].reduce((sum, count) => sum + count, 0);
    const leftovers = await drain(shop.processes, {
      deadlineMs: options.drainDeadlineMs,
      onProgress: (waiting) => options.onProgress?.({ step: 'drain', waiting }),
    });
    options.onProgress?.({ step: 'observe' });
    const seen = await observeShop({ api, shop, customers, menuBefore, streams, leftovers });
    const findings = reconcile(summarizeKeys(await readLedger(options.ledgerPath)), seen, kills);
    const verdict = { findings, counts: countByColumn(findings), clean: isClean(findings) };
    return { seed: options.seed, kills, killsByProcess: Object.fromEntries(killsByProcess), load, ...verdict, elapsedMs: performance.now() - begin };
  } finally {
    await streams.close();
    await api.close();
  }
}

async function stockUp(api: ApiClient, shop: AuditedShop, options: AuditOptions): Promise<MenuItem[]> {
  const [scarce] = await readMenu(api);
  if (scarce === undefined) throw new Error('the menu is empty');
  const token = await createSession(api, shop.staff)();
  await makeScarce({ api, token, item: scarce, stock: Math.max(1, Math.round(options.orders * SCARCE_STOCK_SHARE)) });
  return readSettledMenu(api, MENU_CACHE_SETTLE_MS);
}

async function loadAndKill(shop: AuditedShop, customers: readonly Customer[], options: AuditOptions): Promise<{ load: LoadSummary; killsByProcess: ReadonlyMap<string, number> }> {
  const plan = planKills(shop.processes.map((process) => process.name), options);
  const killer = createKiller(plan, shop.processes, (process) => options.onProgress?.({ step: 'kill', process }));
  const ledger = await createLedger(options.ledgerPath);
  try {
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
    return { load, killsByProcess: await killer.settled() };
  } finally {
    await ledger.close();
  }
}
