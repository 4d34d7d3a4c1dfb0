import type { ComparisonSettings } from './comparison-settings.ts';
import type { Generator } from './generator.ts';
import type { GeneratorResult } from './generator-protocol.ts';
import type { MeasuredShop } from './measured-shop.ts';
import type { PreparedBrew } from './prepare-brew.ts';
import { readShopUsage, type ShopUsage } from './shop-usage.ts';

export type RequestedPath = keyof ComparisonSettings['windows'];
export const REQUESTED_PATHS: readonly RequestedPath[] = ['read', 'databaseRead', 'order'];

/** One window of requests and what it cost. */
export interface PathMeasurement {
  path: RequestedPath;
  ratePerSecond: number;
  seconds: number;
  result: GeneratorResult;
  cpuMs: Readonly<Record<string, number>>;
  backendCpuMs: number;
}

/** One turn of one brew. */
export interface TurnMeasurement {
  topology: string;
  paths: readonly PathMeasurement[];
  /** The most each process held at the end of a window. */
  loadRssBytes: Readonly<Record<string, number>>;
}

export interface MeasureTurn {
  shop: MeasuredShop;
  brew: PreparedBrew;
  generator: Generator;
  settings: ComparisonSettings;
  onPath: (path: RequestedPath) => void;
}

const NOTIFIED_DEADLINE_MS = 10_000;

/** Measures every path of one brew, one after another. */
export async function measureTurn({ shop, brew, generator, settings, onPath }: MeasureTurn): Promise<TurnMeasurement> {
  const paths: PathMeasurement[] = [];
  let loadRssBytes: Readonly<Record<string, number>> = {};
  for (const path of REQUESTED_PATHS) {
    onPath(path);
    const { measurement, rssBytes } = await measurePath(path, { shop, brew, generator, settings });
    paths.push(measurement);
    loadRssBytes = larger(loadRssBytes, rssBytes);
  }
  return { topology: shop.name, paths, loadRssBytes };
}

const WARM_UP_SECONDS = 1;

/** A first turn of every path that measures nothing: code that has not run yet is compiled, and pools are filled. */
export async function warmUp({ shop, brew, generator, settings }: Omit<MeasureTurn, 'onPath'>): Promise<void> {
  for (const path of REQUESTED_PATHS) {
    await generator.run({ origin: shop.baseUrl, kind: path, ...brew, ratePerSecond: settings.windows[path].ratePerSecond, seconds: WARM_UP_SECONDS, notifiedDeadlineMs: NOTIFIED_DEADLINE_MS });
  }
}

async function measurePath(
  path: RequestedPath,
  { shop, brew, generator, settings }: Omit<MeasureTurn, 'onPath'>,
): Promise<{ measurement: PathMeasurement; rssBytes: ShopUsage['rssBytes'] }> {
  const { ratePerSecond, seconds } = settings.windows[path];
  const before = await readShopUsage(shop);
  const result = await generator.run({ origin: shop.baseUrl, kind: path, ...brew, ratePerSecond, seconds, notifiedDeadlineMs: NOTIFIED_DEADLINE_MS });
  const after = await readShopUsage(shop);
  const cpuMs = Object.fromEntries(Object.entries(after.cpuMs).map(([name, ms]) => [name, ms - (before.cpuMs[name] ?? 0)]));
  return { measurement: { path, ratePerSecond, seconds, result, cpuMs, backendCpuMs: after.backendCpuMs - before.backendCpuMs }, rssBytes: after.rssBytes };
}

function larger(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(b).map(([name, bytes]) => [name, Math.max(bytes, a[name] ?? 0)]));
}
