import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiClient } from '../../load/api-client.ts';
import { registerCustomers, type Customer } from '../../load/customers.ts';
import { createLedger } from '../../load/ledger.ts';
import { runLoad } from '../../load/run-load.ts';
import { LabError } from '../../errors.ts';
import { BREWS, type BrewInCluster } from '../brews.ts';
import type { ClusterFigures, Turn } from './cluster-figures.ts';
import { readUsage, usedBetween } from './process-metrics.ts';

const RATE = 30;
const SECONDS = 30;
const WARM_UP_SECONDS = 10;
const CUSTOMERS = 8;
/** What drifts hits both alike. */
const TURNS = [0, 1, 1, 0] as const;

/** Loads both brews in turn, from inside their cluster and past the ingress. */
export async function measureInCluster(): Promise<ClusterFigures> {
  const prepared: Prepared[] = [];
  try {
    for (const brew of BREWS) prepared.push(await prepare(brew));
    const turns: Turn[] = [];
    for (const [number, index] of TURNS.entries()) {
      const one = prepared[index];
      if (one === undefined) throw new TypeError('a turn names a brew that is not there');
      turns.push(await measureTurn(one, number));
    }
    return { ratePerSecond: RATE, seconds: SECONDS, turns };
  } finally {
    for (const { close } of prepared) await close();
  }
}

interface Prepared {
  brew: BrewInCluster;
  customers: readonly Customer[];
  /** Customers log in again when their tokens end: until then their connection is needed. */
  close(): Promise<void>;
}

async function prepare(brew: BrewInCluster): Promise<Prepared> {
  const api = createApiClient(originOf(brew));
  const customers = await registerCustomers(api, CUSTOMERS);
  await load(brew, customers, { seconds: WARM_UP_SECONDS, seed: TURNS.length });
  return { brew, customers, close: () => api.close() };
}

async function measureTurn({ brew, customers }: Prepared, seed: number): Promise<Turn> {
  const before = await readUsage(brew);
  const { orders, outcomes, latency } = await load(brew, customers, { seconds: SECONDS, seed });
  const used = usedBetween(before, await readUsage(brew));
  if (outcomes.acknowledged === 0) throw new LabError(`${brew.name}: no order was accepted`);
  return { brew: brew.name, orders, acknowledged: outcomes.acknowledged, p50Ms: latency.p50Ms, p99Ms: latency.p99Ms, cpuMsPerOrder: used.cpuMs / outcomes.acknowledged, residentMiB: used.residentMiB };
}

async function load(brew: BrewInCluster, customers: readonly Customer[], { seconds, seed }: { seconds: number; seed: number }): ReturnType<typeof runLoad> {
  const ledger = await createLedger(join(tmpdir(), `${brew.name}-${seed}.jsonl`));
  try {
    return await runLoad({ baseUrl: originOf(brew), ledger, seed, pace: { rate: RATE }, durationMs: seconds * 1_000, customers });
  } finally {
    await ledger.close();
  }
}

function originOf({ gateway, namespace }: BrewInCluster): string {
  return `http://${gateway}.${namespace}:8080`;
}
