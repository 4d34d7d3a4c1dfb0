import type { MenuItem } from '@doubleshot/contracts';
import { createApiClient, type ApiClient } from '../load/api-client.ts';
import { createSession, registerCustomers, type Customer } from '../load/customers.ts';
import { createLedger, readLedger, type Ledger } from '../load/ledger.ts';
import { summarizeKeys } from '../load/ledger-keys.ts';
import type { AuditedShop } from './audited-shop.ts';
import { drain } from './drain.ts';
import { countByColumn, isClean, type Column, type Finding } from './findings.ts';
import type { ObservedStreamEvent } from './observation.ts';
import { observeShop } from './observe-shop.ts';
import { reconcile } from './reconcile.ts';
import { readMenu, readSettledMenu, setStock } from './stock.ts';
import { watchStreams } from './stream-watch.ts';

export interface AuditedLoad<Loaded extends { kills: number }> {
  customers: number;
  /** Stock left of one drink, so that the last ones are fought over. */
  scarceStock: number;
  /** File of the ledger. */
  ledgerPath: string;
  /** How long the pipes may take to run empty. */
  drainDeadlineMs: number;
  /** Places orders, whatever else it does to the shop meanwhile; resolves when the shop is whole again. `kills`: after so many, e-mails under way may come again. */
  load: (parts: LoadParts) => Promise<Loaded>;
  /** `receivedAt` by `performance.now()`. */
  onStreamEvent?: (event: ObservedStreamEvent, receivedAt: number) => void;
  onProgress?: (progress: { step: 'prepare' } | { step: 'drain'; waiting: number } | { step: 'observe' }) => void;
}

/** What orders are placed with. */
export interface LoadParts {
  api: ApiClient;
  /** Registered, with their streams open. Nobody else's orders are looked at. */
  customers: readonly Customer[];
  ledger: Ledger;
}

export interface AuditVerdict {
  findings: readonly Finding[];
  counts: Readonly<Record<Column, number>>;
  /** None lost, duplicated, unexpected, stuck or oversold. */
  clean: boolean;
}

const MENU_CACHE_SETTLE_MS = 700;

/** Has a running shop loaded, lets it drain, and compares the ledger with what can be seen from outside. */
export async function auditLoad<Loaded extends { kills: number }>(shop: AuditedShop, { load, onProgress, ...options }: AuditedLoad<Loaded>): Promise<AuditVerdict & Loaded> {
  onProgress?.({ step: 'prepare' });
  const api = createApiClient(shop.baseUrl);
  const customers = await registerCustomers(api, options.customers);
  const menuBefore = await stockUp(api, shop, options.scarceStock);
  const streams = watchStreams({ baseUrl: shop.baseUrl, customers, ...(options.onStreamEvent === undefined ? {} : { onEvent: options.onStreamEvent }) });
  try {
    await streams.opened();
    const loaded = await withLedger(options.ledgerPath, (ledger) => load({ api, customers, ledger }));
    const leftovers = await drain(shop.processes, { deadlineMs: options.drainDeadlineMs, onProgress: (waiting) => onProgress?.({ step: 'drain', waiting }) });
    onProgress?.({ step: 'observe' });
    const seen = await observeShop({ api, shop, customers, menuBefore, streams, leftovers });
    const findings = reconcile(summarizeKeys(await readLedger(options.ledgerPath)), seen, loaded.kills);
    return { ...loaded, findings, counts: countByColumn(findings), clean: isClean(findings) };
  } finally {
    await streams.close();
    await api.close();
  }
}

async function stockUp(api: ApiClient, shop: AuditedShop, scarceStock: number): Promise<MenuItem[]> {
  const [scarce] = await readMenu(api);
  if (scarce === undefined) throw new Error('the menu is empty');
  const token = await createSession(api, shop.staff)();
  await setStock({ api, token, item: scarce, stock: scarceStock });
  return readSettledMenu(api, MENU_CACHE_SETTLE_MS);
}

async function withLedger<T>(path: string, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await createLedger(path);
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}
