// What tracing and logging cost, as ratios within one run: CPU time of the apps for a read under full load, and for an order with all that follows. Not requests
// a second: generator and receivers share the cores, and the spans cost them, too.
// Every shop is warmed by the same requests, in turn with the others, and then measured in many short slices, there and back again: none is warmer than another.
// Usage: node lab/bench/tracing-cost.ts [topology] [rounds]     (Linux; on a quiet machine; monolith and 20 rounds unless told; 10 take 6 minutes)
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
  /** What is promised of the CPU time of a read: the inverse of the share of throughput that is left. */
  promise?: string;
}

const sampled = (share: string): Record<string, string> => ({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: share });
const UNTRACED = { OTEL_EXPORTER_OTLP_ENDPOINT: '' };
/** The first is what the others are compared with. */
const VARIANTS: readonly Variant[] = [
  { name: 'no tracing', env: UNTRACED },
  { name: 'tracing off (OTEL_SDK_DISABLED)', env: { OTEL_SDK_DISABLED: 'true' }, promise: 'at most 1.01' },
  { name: 'sampled 0 %', env: sampled('0') },
  { name: 'sampled 10 %', env: sampled('0.1'), promise: 'at most 1.11' },
  { name: 'sampled 100 %', env: sampled('1'), promise: 'at most 1.25' },
  { name: 'no tracing, no request log', env: { ...UNTRACED, LOG_LEVEL: 'warn' }, promise: 'at most 1.03' },
];
const SHOP_ENV = { BREW_TIME_SCALE: '0', RATE_LIMIT_PER_SECOND: '0' };
const DEFAULT_ROUNDS = 20;
const CONNECTIONS = 16;
/** For each shop, in equal parts: what the compiler makes of hot code has settled by then. */
const WARM_UP = { rounds: 5, reads: 4_000, orderSeconds: 2 };
/** After a rest: connections, caches and timers are as they are under load again. Not measured. */
const SETTLING_READS = 200;
const READS = 2_000;
const ORDERS = { rate: 40, seconds: 2 };
const CUSTOMERS = 8;
const US_PER_MS = 1_000;
/** The rounds are many, and their spread is told: none is left out. */
const NOTHING_IS_VOID = { ...LIMITS, generatorCores: Infinity, strangerCores: Infinity, stealShare: 1 };
const METRICS = ['GET /orders/:id, µs of CPU', 'an order and all that follows, ms of CPU'] as const;

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
  await signal(shop, 'SIGSTOP');
  return brew;
}

/** Those that are not asked anything rest. */
async function awake<T>({ shop }: Brew, work: () => Promise<T>): Promise<T> {
  await signal(shop, 'SIGCONT');
  const result = await work();
  await signal(shop, 'SIGSTOP');
  return result;
}

async function warmUp(brew: Brew): Promise<void> {
  await read(brew, WARM_UP.reads);
  await order(brew, WARM_UP.orderSeconds);
}

async function measure(brew: Brew): Promise<Measured> {
  await read(brew, SETTLING_READS);
  return [await read(brew, READS), await order(brew, ORDERS.seconds)];
}

async function read({ shop, prepared }: Brew, amount: number): Promise<number> {
  const [customer] = await prepared.customers();
  const before = await cpuMsOf(shop);
  const load = await autocannon({ connections: CONNECTIONS, amount, url: shop.baseUrl + (customer?.orderPath ?? ''), headers: { authorization: `Bearer ${customer?.token ?? ''}` } });
  failed += load.non2xx + load.errors;
  return (((await cpuMsOf(shop)) - before) * US_PER_MS) / load['2xx'];
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

function rowOf(metric: number, { name, promise = '' }: Variant, of: readonly Measured[], to: readonly Measured[]): string {
  const [values, baseline] = [of, to].map((rounds) => rounds.map((measured) => measured[metric] ?? NaN)) as [number[], number[]];
  const { low, estimate, high } = pairedRatio(values, baseline);
  const medians = [baseline, values].map((each) => String(Number(figureOf(each).median.toPrecision(3)))).join(' → ');
  return `| ${METRICS[metric] ?? ''} | ${name} | ${medians} | ${estimate.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) | ${metric === 0 ? promise : ''} |`;
}

try {
  const brews: Brew[] = [];
  for (const variant of VARIANTS) brews.push(await startBrew(variant));
  for (let round = 0; round < WARM_UP.rounds; round += 1) {
    say(`warming up, ${round + 1} of ${WARM_UP.rounds}`);
    for (const brew of brews) await awake(brew, () => warmUp(brew));
  }
  const measured = brews.map(() => [] as Measured[]);
  for (let round = 0; round < Number(rounds); round += 1) {
    say(`round ${round + 1} of ${rounds}`);
    // There and back again: what the machine does in the long run changes all alike.
    const order = [...brews.entries()];
    for (const [index, brew] of round % 2 === 0 ? order : order.toReversed()) measured[index]?.push(await awake(brew, () => measure(brew)));
  }
  const [baseline = [], ...others] = measured;
  const rows = METRICS.flatMap((_, metric) => others.map((each, index) => rowOf(metric, VARIANTS[index + 1] as Variant, each, baseline)));
  const head = [`${topology}, ${rounds} rounds, ${failed} requests failed`, `| what | with | median: ${VARIANTS[0]?.name ?? ''} → with | ratio (95 %) | promised |`, '|---|---|---|---|---|'];
  process.stdout.write([...head, ...rows, ''].join('\n'));
} finally {
  for (const shop of shops) await signal(shop, 'SIGCONT');
  await Promise.all(shops.map((shop) => shop.stop()));
  await generator.close();
}
