import { lookup } from 'node:dns/promises';
import { parsePrometheusText, type Sample } from '../../audit/prometheus-text.ts';
import { LabError } from '../../errors.ts';
import type { BrewInCluster } from '../brews.ts';

/** What a brew's processes have used so far, by the address of each replica. */
export type Usage = ReadonlyMap<string, { cpuMs: number; residentMiB: number }>;

const OPS_PORT = 9_090;
const ANSWER_TIMEOUT_MS = 5_000;
const MS_IN_SECOND = 1_000;
const BYTES_IN_MIB = 1_048_576;

/** Asks every replica behind the headless Services for its metrics. */
export async function readUsage({ namespace, processes }: BrewInCluster): Promise<Usage> {
  const addresses = (await Promise.all(processes.map((process) => lookup(`${process}-ops.${namespace}`, { all: true })))).flat();
  return new Map(await Promise.all(addresses.map(async ({ address }) => [address, usageOf(await metricsAt(address))] as const)));
}

/** Between two looks at the same replicas: CPU time of all of them, and their memory at the end. Throws where other replicas answered. */
export function usedBetween(before: Usage, after: Usage): { cpuMs: number; residentMiB: number } {
  if ([...before.keys()].sort().join() !== [...after.keys()].sort().join()) throw new LabError('replicas came or went while they were measured: measure again when nothing scales or is rolled out');
  const used = [...after].map(([address, { cpuMs, residentMiB }]) => ({ cpuMs: cpuMs - (before.get(address)?.cpuMs ?? 0), residentMiB }));
  return { cpuMs: used.reduce((sum, { cpuMs }) => sum + cpuMs, 0), residentMiB: used.reduce((sum, { residentMiB }) => sum + residentMiB, 0) };
}

function usageOf(samples: readonly Sample[]): { cpuMs: number; residentMiB: number } {
  const valueOf = (name: string): number => {
    const found = samples.find((sample) => sample.name === name);
    if (found === undefined) throw new LabError(`a process has no metric ${name}`);
    return found.value;
  };
  return { cpuMs: valueOf('process_cpu_seconds_total') * MS_IN_SECOND, residentMiB: valueOf('process_resident_memory_bytes') / BYTES_IN_MIB };
}

async function metricsAt(address: string): Promise<Sample[]> {
  const response = await fetch(`http://${address.includes(':') ? `[${address}]` : address}:${OPS_PORT}/metrics`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  if (!response.ok) throw new LabError(`${address} answered ${response.status} when asked for its metrics`);
  return parsePrometheusText(await response.text());
}
