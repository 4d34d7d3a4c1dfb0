// What tracing and logging cost, as ratios within one run: requests that the apps answer for a second of their CPU under full load, and their CPU time for an order
// with all that follows. Not requests a second: generator and receivers share the cores, and the spans cost them, too.
// Usage: node lab/bench/tracing-cost.ts [topology] [rounds]     (Linux; on a quiet machine; monolith and 6 rounds unless told, some 10 minutes)
import autocannon from 'autocannon';
import { LIMITS } from '../src/compare/comparison-settings.ts';
import { startGenerator } from '../src/compare/generator/generator.ts';
import { measureWindow, type Stand } from '../src/compare/method/measure-window.ts';
import { pairedRatio } from '../src/compare/method/paired-ratio.ts';
import { prepareBrew, type PreparedBrew } from '../src/compare/method/prepare-brew.ts';
import { figureOf } from '../src/compare/statistics.ts';
import { readShopUsage, totalOf } from '../src/compare/usage/shop-usage.ts';
import type { Shop } from '../src/topology/shop.ts';
import { startShop } from '../src/topology/start-shop.ts';

interface Variant {
  name: string;
  env: Readonly<Record<string, string>>;
  /** What is promised of the requests for a second of CPU. */
  promise?: string;
}

const sampled = (share: string): Record<string, string> => ({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: share });
const UNTRACED = { OTEL_EXPORTER_OTLP_ENDPOINT: '' };
const BASELINE: Variant = { name: 'no tracing', env: UNTRACED };
const VARIANTS: readonly Variant[] = [
  { name: 'tracing off (OTEL_SDK_DISABLED)', env: { OTEL_SDK_DISABLED: 'true' }, promise: 'at least 0.99' },
  { name: 'sampled 0 %', env: sampled('0') },
  { name: 'sampled 10 %', env: sampled('0.1'), promise: 'at least 0.9' },
  { name: 'sampled 100 %', env: sampled('1'), promise: 'at least 0.8' },
  { name: 'no tracing, no request log', env: { ...UNTRACED, LOG_LEVEL: 'warn' }, promise: 'at most 1.03' },
];
const SHOP_ENV = { BREW_TIME_SCALE: '0', RATE_LIMIT_PER_SECOND: '0' };
const DEFAULT_ROUNDS = 6;
const LOAD = { connections: 16, duration: 3 };
const ORDERS = { rate: 40, seconds: 5 };
const WARM_UP_SECONDS = 2;
const CUSTOMERS = 8;
const MS_PER_SECOND = 1_000;
/** The rounds are many, and their spread is told: none is left out. */
const NOTHING_IS_VOID = { ...LIMITS, generatorCores: Infinity, strangerCores: Infinity, stealShare: 1 };
const METRICS = ['GET /orders/:id, requests for a second of CPU', 'an order and all that follows, ms of CPU'] as const;

interface Brew {
  shop: Shop;
  prepared: PreparedBrew;
}

/** One figure for each of {@link METRICS}. */
type Measured = readonly number[];

const [topology = 'monolith', rounds = String(DEFAULT_ROUNDS)] = process.argv.slice(2);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const shops: Shop[] = [];
const generator = await startGenerator();
/** Requests that were not answered as they should be: with many, the machine is too busy to measure on. */
let failed = 0;

async function startBrew({ name, env }: Variant): Promise<Brew> {
  say(`starting ${topology}: ${name}`);
  const shop = await startShop({ topology, env: { ...SHOP_ENV, ...env } });
  shops.push(shop);
  const brew = { shop, prepared: await prepareBrew(shop.baseUrl, CUSTOMERS) };
  await read(brew, WARM_UP_SECONDS);
  await order(brew, WARM_UP_SECONDS);
  await signal(shop, 'SIGSTOP');
  return brew;
}

async function measure(brew: Brew): Promise<Measured> {
  // Those that are not measured rest.
  await signal(brew.shop, 'SIGCONT');
  const measured = [await read(brew, LOAD.duration), await order(brew, ORDERS.seconds)];
  await signal(brew.shop, 'SIGSTOP');
  return measured;
}

async function read({ shop, prepared }: Brew, duration: number): Promise<number> {
  const [customer] = await prepared.customers();
  const before = await cpuMsOf(shop);
  const load = await autocannon({ ...LOAD, duration, url: shop.baseUrl + (customer?.orderPath ?? ''), headers: { authorization: `Bearer ${customer?.token ?? ''}` } });
  failed += load.non2xx + load.errors;
  return (load['2xx'] * MS_PER_SECOND) / ((await cpuMsOf(shop)) - before);
}

async function order({ shop, prepared }: Brew, seconds: number): Promise<number> {
  const measured = { ...shop, backends: [{ name: 'PostgreSQL', pid: shop.postgres.pid }] };
  const stand: Stand = { generator, limits: NOTHING_IS_VOID, shops: [measured], seed: 1, onRound: () => undefined };
  const { cpuMs, result } = await measureWindow(stand, { shop: measured, prepared }, { path: 'order', pace: { rate: ORDERS.rate }, seconds, pass: 0 });
  failed += result.failed;
  return totalOf(cpuMs) / result.succeeded;
}

async function cpuMsOf(shop: Shop): Promise<number> {
  return totalOf((await readShopUsage({ ...shop, backends: [] })).cpuMs);
}

async function signal({ processes }: Shop, name: NodeJS.Signals): Promise<void> {
  await Promise.all(processes.map((each) => each.kill(name)));
}

function rowOf({ name, promise = '' }: Variant, pairs: readonly { variant: Measured; baseline: Measured }[], metric: number): string {
  const [of, to] = [pairs.map(({ variant }) => variant[metric] ?? NaN), pairs.map(({ baseline }) => baseline[metric] ?? NaN)];
  const { low, estimate, high } = pairedRatio(of, to);
  const medians = [figureOf(to), figureOf(of)].map(({ median }) => String(Number(median.toPrecision(3)))).join(' → ');
  return `| ${METRICS[metric] ?? ''} | ${name} | ${medians} | ${estimate.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) | ${metric === 0 ? promise : ''} |`;
}

try {
  const baseline = await startBrew(BASELINE);
  const brews: Brew[] = [];
  for (const variant of VARIANTS) brews.push(await startBrew(variant));
  const pairs = VARIANTS.map(() => [] as { variant: Measured; baseline: Measured }[]);
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const [index, brew] of brews.entries()) {
      say(`round ${round + 1} of ${rounds}: ${VARIANTS[index]?.name ?? ''}`);
      // Side by side, each first in turn: what the machine does in the long run changes both alike.
      const first = await measure(round % 2 === 0 ? baseline : brew);
      const second = await measure(round % 2 === 0 ? brew : baseline);
      pairs[index]?.push(round % 2 === 0 ? { baseline: first, variant: second } : { variant: first, baseline: second });
    }
  }
  const rows = METRICS.flatMap((_, metric) => VARIANTS.map((variant, index) => rowOf(variant, pairs[index] ?? [], metric)));
  const head = [`${topology}, ${rounds} pairs each, ${failed} requests failed`, `| what | with | median: ${BASELINE.name} → with | ratio (95 %) | promised |`, '|---|---|---|---|---|'];
  process.stdout.write([...head, ...rows, ''].join('\n'));
} finally {
  for (const shop of shops) await signal(shop, 'SIGCONT');
  await Promise.all(shops.map((shop) => shop.stop()));
  await generator.close();
}
