// What tracing and logging cost: CPU time of the apps for each successful request at a fixed rate, and how many requests they answer for a second of it under
// full load, with and without, as ratios within one run. Not requests a second: generator and receivers share the cores, and the spans cost them, too.
// Usage: node lab/bench/tracing-cost.ts [topology] [rounds]     (Linux; on a quiet machine; monolith and 6 rounds unless told, some 8 minutes)
import autocannon from 'autocannon';
import { LIMITS } from '../src/compare/comparison-settings.ts';
import { startGenerator } from '../src/compare/generator/generator.ts';
import { measureWindow, type Stand } from '../src/compare/method/measure-window.ts';
import { prepareBrew, type PreparedBrew } from '../src/compare/method/prepare-brew.ts';
import { figureOf, type Figure } from '../src/compare/statistics.ts';
import { readProcessUsage } from '../src/compare/usage/process-usage.ts';
import type { Shop } from '../src/topology/shop.ts';
import { startShop } from '../src/topology/start-shop.ts';

interface Variant {
  name: string;
  env: Readonly<Record<string, string>>;
  /** What is promised of {@link FULL_LOAD}: the least ratio to the baseline, or the most for what leaves something out. */
  promise?: number;
}

const sampled = (share: string): Record<string, string> => ({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: share });
const UNTRACED = { OTEL_EXPORTER_OTLP_ENDPOINT: '' };
/** The first is what the others are compared with. */
const VARIANTS: readonly Variant[] = [
  { name: 'no tracing', env: UNTRACED },
  { name: 'tracing off (OTEL_SDK_DISABLED)', env: { OTEL_SDK_DISABLED: 'true' }, promise: 0.99 },
  { name: 'sampled 0 %', env: sampled('0') },
  { name: 'sampled 10 %', env: sampled('0.1'), promise: 0.9 },
  { name: 'sampled 100 %', env: sampled('1'), promise: 0.8 },
  { name: 'no tracing, no request log', env: { ...UNTRACED, LOG_LEVEL: 'warn' }, promise: 1.03 },
];
const SHOP_ENV = { BREW_TIME_SCALE: '0', RATE_LIMIT_PER_SECOND: '0' };
const DEFAULT_ROUNDS = 6;
const LOAD = { connections: 16, duration: 3 };
const US_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;
/** Long enough that the kernel's steps of 10 ms are below 2 % of a window. */
const WINDOWS = { read: { rate: 500, seconds: 5 }, databaseRead: { rate: 250, seconds: 5 }, order: { rate: 40, seconds: 6 } } as const;
const PATHS = ['read', 'databaseRead', 'order'] as const;
const CUSTOMERS = 8;
/** The rounds are many, and their spread is told: none is left out. */
const NOTHING_IS_VOID = { ...LIMITS, generatorCores: Infinity, strangerCores: Infinity, stealShare: 1 };
const FULL_LOAD = 'GET /orders/:id under full load, requests for a second of CPU';

interface Brew {
  variant: Variant;
  shop: Shop;
  prepared: PreparedBrew;
}

const [topology = 'monolith', rounds = String(DEFAULT_ROUNDS)] = process.argv.slice(2);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const shops: Shop[] = [];
const generator = await startGenerator();
/** Requests that were not answered as they should be: with many, the machine is too busy to measure on. */
let failed = 0;

/** What is measured of one variant in one turn, by what it is called. */
async function measure({ shop, prepared }: Brew): Promise<Map<string, number>> {
  await signal(shop, 'SIGCONT');
  const measured = new Map<string, number>();
  for (const path of PATHS) {
    const { cpuMs, result } = await sendTo({ shop, prepared }, path, WINDOWS[path].seconds);
    failed += result.failed;
    measured.set(`${path}, CPU µs a request`, (Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0) * US_PER_MS) / result.succeeded);
  }
  const [customer] = await prepared.customers();
  const before = await cpuMsOf(shop);
  const load = await autocannon({ url: shop.baseUrl + (customer?.orderPath ?? ''), headers: { authorization: `Bearer ${customer?.token ?? ''}` }, ...LOAD });
  measured.set(FULL_LOAD, (load['2xx'] * MS_PER_SECOND) / ((await cpuMsOf(shop)) - before));
  await signal(shop, 'SIGSTOP');
  return measured;
}

function sendTo({ shop, prepared }: Omit<Brew, 'variant'>, path: (typeof PATHS)[number], seconds: number): ReturnType<typeof measureWindow> {
  const measured = { ...shop, backends: [{ name: 'PostgreSQL', pid: shop.postgres.pid }] };
  const stand: Stand = { generator, limits: NOTHING_IS_VOID, shops: [measured], seed: 1, onRound: () => undefined };
  return measureWindow(stand, { shop: measured, prepared }, { path, pace: { rate: WINDOWS[path].rate }, seconds, pass: 0 });
}

async function cpuMsOf({ processes }: Shop): Promise<number> {
  const usages = await Promise.all(processes.map(({ pid }) => readProcessUsage(pid)));
  return usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Those that are not measured rest. */
async function signal({ processes }: Shop, name: NodeJS.Signals): Promise<void> {
  await Promise.all(processes.map((each) => each.kill(name)));
}

async function startBrew(variant: Variant): Promise<Brew> {
  say(`starting ${topology}: ${variant.name}`);
  const shop = await startShop({ topology, env: { ...SHOP_ENV, ...variant.env } });
  shops.push(shop);
  const prepared = await prepareBrew(shop.baseUrl, CUSTOMERS);
  for (const path of PATHS) await sendTo({ shop, prepared }, path, 1);
  await signal(shop, 'SIGSTOP');
  return { variant, shop, prepared };
}

/** Each value by that of the baseline in the same round. What costs more is above 1 for CPU time, below 1 for requests. */
function ratios(values: readonly number[], baseline: readonly number[]): Figure {
  return figureOf(values.map((value, round) => value / (baseline[round] ?? NaN)));
}

function print(results: readonly { variant: Variant; rounds: readonly Map<string, number>[] }[]): void {
  const rows = [...PATHS.map((path) => `${path}, CPU µs a request`), FULL_LOAD].flatMap((metric) => {
    const valuesOf = (index: number): number[] => results[index]?.rounds.map((round) => round.get(metric) ?? NaN) ?? [];
    return results.map(({ variant }, index) => {
      const ratio = ratios(valuesOf(index), valuesOf(0));
      const { promise } = variant;
      const told = promise === undefined || metric !== FULL_LOAD ? '' : `${promise < 1 ? 'at least' : 'at most'} ${promise}`;
      return `| ${metric} | ${variant.name} | ${figureOf(valuesOf(index)).median.toFixed(0)} | ${ratio.median.toFixed(3)} | ${ratio.min.toFixed(3)} to ${ratio.max.toFixed(3)} | ${told} |`;
    });
  });
  process.stdout.write([`${topology}, ${results[0]?.rounds.length ?? 0} rounds, there and back, ${failed} requests failed`, '| what | with | median | ÷ no tracing | least to most | promised |', '|---|---|---|---|---|---|', ...rows, ''].join('\n'));
}

try {
  const brews: Brew[] = [];
  for (const variant of VARIANTS) brews.push(await startBrew(variant));
  const results = brews.map(({ variant }) => ({ variant, rounds: [] as Map<string, number>[] }));
  for (let round = 0; round < Number(rounds); round += 1) {
    // There and back again, so that a machine that slows down treats all alike.
    const order = round % 2 === 0 ? brews : brews.toReversed();
    for (const brew of order) {
      say(`round ${round + 1} of ${rounds}: ${brew.variant.name}`);
      results[brews.indexOf(brew)]?.rounds.push(await measure(brew));
    }
  }
  print(results);
} finally {
  for (const shop of shops) await signal(shop, 'SIGCONT');
  await Promise.all(shops.map((shop) => shop.stop()));
  await generator.close();
}
