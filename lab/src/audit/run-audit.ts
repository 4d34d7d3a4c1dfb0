import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, STATE_FOLDER } from '../paths.ts';
import { parseTopology, topologySlug } from '../topology/parse-topology.ts';
import { startShop, variablesFor, type StartShopOptions } from '../topology/start-shop.ts';
import { AUDIT_DEFAULTS, AUDIT_VARIABLES } from './audit-defaults.ts';
import { auditShop, type AuditOptions, type AuditProgress, type AuditResult } from './audit-shop.ts';
import type { AuditedShop } from './audited-shop.ts';
import { readVersions } from './versions.ts';

export interface RunAuditOptions extends Partial<Omit<AuditOptions, 'onProgress'>> {
  topology: string;
  /** How the shop is started besides, for example with other programs. */
  shop?: Partial<Omit<StartShopOptions, 'topology' | 'onProgress'>>;
  /** What is done to the shop; kills at random moments unless told. */
  audit?: (shop: AuditedShop, options: AuditOptions) => Promise<AuditResult>;
  onProgress?: (progress: AuditProgress | { step: 'start'; message: string }) => void;
}

export interface AuditRun extends AuditResult {
  topology: string;
  backends: string;
  versions: Readonly<Record<string, string>>;
  /** This and the shop's logs stay only when the audit is not clean. */
  ledgerPath: string;
  logFolder: string;
}

/** Starts a shop, audits it under load and kills, stops it. */
export async function runAudit({ topology, shop: shopOptions, audit = auditShop, onProgress, ...options }: RunAuditOptions): Promise<AuditRun> {
  const parsed = parseTopology(topology);
  const seed = options.seed ?? randomSeed();
  const folder = join(STATE_FOLDER, 'audits');
  await mkdir(folder, { recursive: true });
  const ledgerPath = options.ledgerPath ?? join(folder, `${topologySlug(parsed)}-${seed}.jsonl`);
  const shop = await startShop({
    topology: parsed,
    keepLogs: true,
    ...shopOptions,
    env: (group, variables) => ({ ...AUDIT_VARIABLES, ...variablesFor(group, shopOptions?.env, variables) }),
    onProgress: (message) => onProgress?.({ step: 'start', message }),
  });
  let clean = false;
  try {
    const result = await audit(shop, { ...AUDIT_DEFAULTS, ...options, seed, ledgerPath, ...(onProgress === undefined ? {} : { onProgress }) });
    clean = result.clean;
    return { ...result, topology: shop.name, backends: 'embedded', versions: await readVersions(ROOT), ledgerPath, logFolder: shop.logFolder };
  } finally {
    await shop.stop();
    if (clean) await Promise.all([ledgerPath, shop.logFolder].map((path) => rm(path, { recursive: true, force: true })));
  }
}

function randomSeed(): number {
  return Math.floor(Math.random() * 1_000_000);
}
