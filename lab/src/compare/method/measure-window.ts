import type { RoundLimits } from '../comparison-settings.ts';
import type { Generator } from '../generator/generator.ts';
import type { GeneratorJob, GeneratorResult, RequestedPath } from '../generator/generator-protocol.ts';
import type { RoundReport } from '../report-schema.ts';
import { noiseBetween, type HostNoise, type HostUsage } from '../usage/host-usage.ts';
import { readProcessUsage } from '../usage/process-usage.ts';
import { readShopUsage, totalOf, usedBetween, type ShopUsage } from '../usage/shop-usage.ts';
import type { MeasuredShop } from './measured-shop.ts';
import type { PreparedBrew } from './prepare-brew.ts';

/** A brew that is ready to be measured. */
export interface Brew {
  shop: MeasuredShop;
  prepared: Pick<PreparedBrew, 'customers' | 'menuItemIds'>;
}

/** What is needed to measure. */
export interface Stand {
  generator: Generator;
  limits: RoundLimits;
  /** Every shop that runs meanwhile: what those at rest do is not the work of strangers. */
  shops: readonly MeasuredShop[];
  seed: number;
  /** What the cores of the machine have done; nothing where it does not say. */
  readHost: () => Promise<HostUsage | undefined>;
  /** Called with every window, void or not. */
  onRound: (round: Omit<RoundReport, 'startedAfterMs'>) => void;
}

/** What is asked for in one window. */
export interface WindowRequest {
  path: RequestedPath;
  pace: GeneratorJob['pace'];
  seconds: number;
  /** Which pass over all brews it belongs to; 0 for none. */
  pass: number;
  /** More is asked for until somebody gives up: if the generator does, the same again would change nothing. */
  toLimit?: boolean;
}

/** What a window of requests gave, and what it cost. */
export interface WindowMeasurement {
  result: GeneratorResult;
  /** By process; those of the backends by backend. */
  cpuMs: Readonly<Record<string, number>>;
  backendCpuMs: Readonly<Record<string, number>>;
  /** At its end. */
  rssBytes: Readonly<Record<string, number>>;
  generatorCores: number;
  /** Of the lab itself, which receives mail and spans, and carries what goes through a link. */
  labCores: number;
  /** Why it does not count; null if it does. */
  void: string | null;
}

const NOTIFIED_DEADLINE_MS = 10_000;
const MICROS_IN_MS = 1_000;

/** Measures a window until it counts. Answers the last one, void or not, after as many repeats as the limits allow. */
export async function measureWindow(stand: Stand, brew: Brew, asked: WindowRequest): Promise<WindowMeasurement> {
  for (let attempt = 1; ; attempt += 1) {
    const { noise, ...measured } = await measureOnce(stand, brew, asked);
    stand.onRound({
      ...{ pass: asked.pass, topology: brew.shop.name, path: asked.path, attempt },
      ...{ elapsedMs: measured.result.elapsedMs, void: measured.void, generatorCores: measured.generatorCores, ...noise },
    });
    const atLimit = asked.toLimit === true && measured.generatorCores > stand.limits.generatorCores;
    if (measured.void === null || atLimit || attempt > stand.limits.repeats) return measured;
  }
}

/** What the generator is told to send; tokens are asked for here, before anything counts. */
export async function jobOf({ shop, prepared }: Brew, { path, pace, seconds }: Pick<WindowRequest, 'path' | 'pace' | 'seconds'>, seed: number): Promise<Omit<GeneratorJob, 'id'>> {
  return { origin: shop.baseUrl, kind: path, customers: await prepared.customers(), menuItemIds: [...prepared.menuItemIds], seed, pace, seconds, notifiedDeadlineMs: NOTIFIED_DEADLINE_MS };
}

interface Reading {
  at: number;
  host: HostUsage | undefined;
  shops: readonly ShopUsage[];
  /** Of all that belongs to the comparison: shops, what they stand on, the generator, and the lab, which receives mail and spans. */
  ownCpuMs: number;
  /** Of the lab, among them. */
  labCpuMs: number;
}

async function measureOnce(stand: Stand, brew: Brew, asked: WindowRequest): Promise<WindowMeasurement & { noise: HostNoise }> {
  const { shop } = brew;
  const job = await jobOf(brew, asked, stand.seed);
  const before = await read(stand);
  const result = await stand.generator.run(job);
  const after = await read(stand);
  const noise = noiseBetween(before.host, after.host, { cpuMs: after.ownCpuMs - before.ownCpuMs, elapsedMs: after.at - before.at });
  const generatorCores = result.generatorCpuMs / Math.max(1, result.elapsedMs);
  const own = stand.shops.indexOf(shop);
  const [from, to] = [before.shops[own], after.shops[own]];
  if (from === undefined || to === undefined) throw new TypeError('a brew is measured that is not among the shops that run');
  return {
    result,
    cpuMs: usedBetween(from.cpuMs, to.cpuMs),
    backendCpuMs: usedBetween(from.backendCpuMs, to.backendCpuMs),
    rssBytes: to.rssBytes,
    generatorCores,
    labCores: (after.labCpuMs - before.labCpuMs) / Math.max(1, result.elapsedMs),
    noise,
    void: voidReason(stand.limits, generatorCores, noise),
  };
}

async function read({ shops, generator, readHost }: Stand): Promise<Reading> {
  const { user, system } = process.cpuUsage();
  const [host, generatorUsage, ...usages] = await Promise.all([readHost(), readProcessUsage(generator.pid), ...shops.map((shop) => readShopUsage(shop))]);
  // Brews in containers stand on the same engines, which must not be counted twice.
  const backends = new Map(shops.flatMap((shop, index) => shop.backends.map(({ name, pid }) => [pid, usages[index]?.backendCpuMs[name] ?? 0])));
  const processes = usages.map(({ cpuMs }) => totalOf(cpuMs));
  const labCpuMs = (user + system) / MICROS_IN_MS;
  const ownCpuMs = [...processes, ...backends.values(), generatorUsage.cpuMs, labCpuMs].reduce((sum, ms) => sum + ms, 0);
  return { at: performance.now(), host, shops: usages, ownCpuMs, labCpuMs };
}

/** Why a window does not count; null if it does. */
export function voidReason(limits: RoundLimits, generatorCores: number, { strangerCores, stealShare }: HostNoise): string | null {
  if (generatorCores > limits.generatorCores) return `the load generator used ${generatorCores.toFixed(2)} of its core, more than ${limits.generatorCores}: the figures would be its own`;
  if (stealShare !== null && stealShare > limits.stealShare) return `the host of this machine gave ${(stealShare * 100).toFixed(0)} % of its time to others, more than ${limits.stealShare * 100} %`;
  if (strangerCores !== null && strangerCores > limits.strangerCores) return `other programs used ${strangerCores.toFixed(2)} of a core, more than ${limits.strangerCores}`;
  return null;
}
