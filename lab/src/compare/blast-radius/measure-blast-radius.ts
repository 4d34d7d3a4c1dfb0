import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiClient } from '../../load/api-client.ts';
import { registerCustomers } from '../../load/customers.ts';
import { createLedger } from '../../load/ledger.ts';
import { createUndo, type Undo } from '../../topology/undo.ts';
import type { BlastRadiusSettings } from '../comparison-settings.ts';
import { plantBlockers } from '../method/plant-blockers.ts';
import type { OpenBrew } from '../open-brews.ts';
import type { BlastRadius } from '../section-schemas.ts';
import { breakagesOf, killed, type Breakage } from './breakages.ts';
import { tryBreakage, type Guests } from './try-breakage.ts';

export type BrokenBrew = Pick<OpenBrew, 'shop' | 'embedded'>;

export interface BlastRadiusOptions {
  /** On embedded parts. They are of no further use: their processes are others than before. */
  brews: readonly BrokenBrew[];
  settings: BlastRadiusSettings;
  seed: number;
  onStep: (title: string, share: number) => void;
  /** Called with all there is after each trial. */
  onMeasured: (radius: BlastRadius) => void;
}

const GUESTS = 5;

/** Breaks parts of one brew after the other, under load, and mends them. Parts that break together, as the modules of a process, share a trial. */
export async function measureBlastRadius({ brews, settings, seed, onStep, onMeasured }: BlastRadiusOptions): Promise<void> {
  const rows: BlastRadius['rows'] = [];
  for (const [index, brew] of brews.entries()) {
    const { name, baseUrl } = brew.shop;
    const undo = createUndo();
    try {
      const breakages = await plannedFor(brew, settings, undo);
      const guests = await invite(baseUrl, seed, undo);
      for (const [done, breakage] of breakages.entries()) {
        onStep(`${name}: ${breakage.parts.join(', ')} ${breakage.fault}`, (index + done / breakages.length) / brews.length);
        rows.push(...(await tryBreakage(breakage, guests, settings)).map((row) => ({ topology: name, ...row })));
        onMeasured({ brokenSeconds: settings.brokenSeconds, rows: inOrder(rows) });
      }
      brew.embedded?.forgetLogs();
    } finally {
      await undo.run();
    }
  }
}

/** What is broken, one after another; of one module, only the process that holds it. */
async function plannedFor(brew: BrokenBrew, { broken }: BlastRadiusSettings, undo: Undo): Promise<Breakage[]> {
  if (broken === 'every part') return breakagesOf(brew, await plantBlockers(brew, brew.shop.processes, undo));
  return brew.shop.processes.filter(({ modules }) => modules.includes(broken)).map((process) => ({ ...killed(process), parts: [broken] }));
}

/** The ledger is for nobody: the load keeps one. */
async function invite(baseUrl: string, seed: number, undo: Undo): Promise<Guests> {
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-guests-'));
  undo.add(() => rm(folder, { recursive: true, force: true }));
  const ledger = await createLedger(join(folder, 'ledger.jsonl'));
  undo.add(() => ledger.close());
  const api = createApiClient(baseUrl);
  undo.add(() => api.close());
  return { baseUrl, customers: await registerCustomers(api, GUESTS), ledger, seed };
}

/** The same part of each brew side by side. */
function inOrder(rows: BlastRadius['rows']): BlastRadius['rows'] {
  return [...Map.groupBy(rows, ({ part, fault }) => `${part} ${fault}`).values()].flat();
}
