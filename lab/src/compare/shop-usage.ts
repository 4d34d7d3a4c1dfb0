import type { MeasuredShop } from './measured-shop.ts';
import { readProcessUsage, readTreeCpuMs } from './process-usage.ts';

/** What a shop's processes and its database have used so far. */
export interface ShopUsage {
  cpuMs: Readonly<Record<string, number>>;
  rssBytes: Readonly<Record<string, number>>;
  backendCpuMs: number;
}

export async function readShopUsage(shop: MeasuredShop): Promise<ShopUsage> {
  const [backendCpuMs, ...processes] = await Promise.all([readTreeCpuMs(shop.postgres.pid), ...shop.processes.map((process) => readProcessUsage(process.pid))]);
  const record = (of: (usage: { cpuMs: number; rssBytes: number }) => number): Record<string, number> =>
    Object.fromEntries(shop.processes.map(({ name }, index) => [name, of(processes[index] ?? { cpuMs: 0, rssBytes: 0 })]));
  return { cpuMs: record((usage) => usage.cpuMs), rssBytes: record((usage) => usage.rssBytes), backendCpuMs };
}
