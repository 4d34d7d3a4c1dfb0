import type { MeasuredShop } from '../method/measured-shop.ts';
import { readProcessUsage, readTreeCpuMs } from './process-usage.ts';

/** What a shop's processes and what it stands on have used so far. */
export interface ShopUsage {
  cpuMs: Readonly<Record<string, number>>;
  rssBytes: Readonly<Record<string, number>>;
  backendCpuMs: Readonly<Record<string, number>>;
}

export async function readShopUsage({ processes, backends }: MeasuredShop): Promise<ShopUsage> {
  const usages = await Promise.all(processes.map(async ({ name, pid }) => [name, await readProcessUsage(pid)] as const));
  const backendCpuMs = Object.fromEntries(await Promise.all(backends.map(async ({ name, pid }) => [name, await readTreeCpuMs(pid)] as const)));
  return {
    cpuMs: Object.fromEntries(usages.map(([name, { cpuMs }]) => [name, cpuMs])),
    rssBytes: Object.fromEntries(usages.map(([name, { rssBytes }]) => [name, rssBytes])),
    backendCpuMs,
  };
}

/** What was used between two readings, by name. */
export function usedBetween(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));
}

export function totalOf(values: Readonly<Record<string, number>>): number {
  return Object.values(values).reduce((sum, value) => sum + value, 0);
}
