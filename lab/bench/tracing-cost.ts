// What tracing and logging cost, as ratios within one run: CPU time of the apps for a read, and for an order with all that follows, at the same rates for all. Not requests
// a second: generator and receivers share the cores, and the spans cost them, too; and at full load the quicker shop has more to do at once, for less each.
// A machine is faster now and slower a second later, a process that rested longer is slower, and one start of a process is faster than the next, whatever it traces.
// So two shops stand side by side, one without tracing and one with the variant; they are warmed alike and measured in short slices by turns; and that several times, with
// new processes. Each start gives one ratio, the middle of those of its slices.
// Usage: node lab/bench/tracing-cost.ts [topology] [starts]     (Linux; on a quiet machine; monolith and 6 starts unless told, 4 minutes each)
import { LIMITS } from '../src/compare/comparison-settings.ts';
import { startGenerator } from '../src/compare/generator/generator.ts';
import { measureWindow, type Stand, type WindowRequest } from '../src/compare/method/measure-window.ts';
import { pairedRatio } from '../src/compare/method/paired-ratio.ts';
import { prepareBrew, type PreparedBrew } from '../src/compare/method/prepare-brew.ts';
import { median } from '../src/compare/statistics.ts';
import { readHostUsage } from '../src/compare/usage/host-usage.ts';
import { totalOf } from '../src/compare/usage/shop-usage.ts';
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
const BASELINE: Variant = { name: 'no tracing', env: UNTRACED };
const VARIANTS: readonly Variant[] = [
  { name: 'tracing off (OTEL_SDK_DISABLED)', env: { OTEL_SDK_DISABLED: 'true' }, promise: 'at most 1.01' },
  { name: 'sampled 10 %', env: sampled('0.1'), promise: 'at most 1.11' },
  { name: 'sampled 100 %', env: sampled('1'), promise: 'at most 1.25' },
  { name: 'no tracing, no request log', env: { ...UNTRACED, LOG_LEVEL: 'warn' }, promise: 'at least 0.97' },
];
const SHOP_ENV = { BREW_TIME_SCALE: '0', RATE_LIMIT_PER_SECOND: '0' };
const DEFAULT_STARTS = 6;
const READS = { path: 'databaseRead', pace: { rate: 1_000 } } as const;
const ORDERS = { path: 'order', pace: { rate: 40 } } as const;
/** For each shop, in equal parts: what the compiler makes of hot code has settled by then. */
const WARM_UP = { rounds: 3, readSeconds: 1.5, orderSeconds: 1 };
/** After a rest: connections, caches and timers are as they are under load again. Not measured. */
const SETTLING_SECONDS = 0.1;
const READ = { slices: 12, seconds: 1 };
const ORDER = { slices: 3, seconds: 2 };
const CUSTOMERS = 8;
const US_PER_MS = 1_000;
/** The slices are many, and the middle counts: none is left out. */
const NOTHING_IS_VOID = { ...LIMITS, generatorCores: Infinity, strangerCores: Infinity, stealShare: 1 };

interface Brew {
  shop: Shop;
  prepared: PreparedBrew;
}

/** What was measured one after the other: without tracing, and of a variant. */
type Pair = readonly [baseline: number, value: number];

const [topology = 'monolith', starts = String(DEFAULT_STARTS)] = process.argv.slice(2);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
let shops: Shop[] = [];
let brews: Brew[] = [];
const generator = await startGenerator();
/** Requests that were not answered as they should be: with many, the machine is too busy to measure on. */
let failed = 0;

async function startBrew({ env }: Variant): Promise<void> {
  const shop = await startShop({ topology, env: { ...SHOP_ENV, ...env } });
  shops.push(shop);
  brews.push({ shop, prepared: await prepareBrew(shop.baseUrl, CUSTOMERS) });
  await signal(shop, 'SIGSTOP');
}

async function stopBrews(): Promise<void> {
  const ended = shops;
  for (const shop of ended) await signal(shop, 'SIGCONT');
  await Promise.all(brews.map(({ prepared }) => prepared.close()));
  [shops, brews] = [[], []];
  await Promise.all(ended.map((shop) => shop.stop()));
}

/** Those that are not asked anything rest. */
async function awake<T>({ shop }: Brew, work: () => Promise<T>): Promise<T> {
  await signal(shop, 'SIGCONT');
  const result = await work();
  await signal(shop, 'SIGSTOP');
  return result;
}

async function warmUp(brew: Brew): Promise<void> {
  await cpuOfEach(brew, READS, WARM_UP.readSeconds);
  await cpuOfEach(brew, ORDERS, WARM_UP.orderSeconds);
}

/** In turn, and the other way round every other time. */
async function measurePairs(slices: number, measure: (brew: Brew) => Promise<number>): Promise<Pair[]> {
  const [baseline, other] = brews as [Brew, Brew];
  const value = (brew: Brew): Promise<number> => awake(brew, () => measure(brew));
  const pairs: Pair[] = [];
  for (let slice = 0; slice < slices; slice += 1) {
    const isFirst = slice % 2 === 0;
    const [one, two] = [await value(isFirst ? baseline : other), await value(isFirst ? other : baseline)];
    pairs.push(isFirst ? [one, two] : [two, one]);
  }
  return pairs;
}

/** CPU time of the apps for each request that succeeded, in ms. */
async function cpuOfEach({ shop, prepared }: Brew, asked: Pick<WindowRequest, 'path' | 'pace'>, seconds: number): Promise<number> {
  const measured = { ...shop, backends: [{ name: 'PostgreSQL', pid: shop.postgres.pid }] };
  const stand: Stand = { generator, limits: NOTHING_IS_VOID, shops: [measured], seed: 1, readHost: readHostUsage, onRound: () => undefined };
  const { cpuMs, result } = await measureWindow(stand, { shop: measured, prepared }, { ...asked, seconds, pass: 0 });
  failed += result.failed;
  return totalOf(cpuMs) / result.succeeded;
}

async function signal({ processes }: Shop, name: NodeJS.Signals): Promise<void> {
  await Promise.all(processes.map((each) => each.kill(name)));
}

async function measureStart(variant: Variant): Promise<{ reads: Pair[]; orders: Pair[] }> {
  try {
    for (const each of [BASELINE, variant]) await startBrew(each);
    for (let round = 0; round < WARM_UP.rounds; round += 1) for (const brew of brews) await awake(brew, () => warmUp(brew));
    const reads = await measurePairs(READ.slices, async (brew) => {
      await cpuOfEach(brew, READS, SETTLING_SECONDS);
      return (await cpuOfEach(brew, READS, READ.seconds)) * US_PER_MS;
    });
    return { reads, orders: await measurePairs(ORDER.slices, (brew) => cpuOfEach(brew, ORDERS, ORDER.seconds)) };
  } finally {
    await stopBrews();
  }
}

/** `starts`: of each start its pairs. */
function rowOf(metric: string, { name, promise = '' }: Variant, starts: readonly (readonly Pair[])[]): string {
  const { low, estimate, high } = pairedRatio(starts.map((pairs) => median(pairs.map(([baseline, value]) => value / baseline))), starts.map(() => 1));
  const medians = ([0, 1] as const).map((side) => String(Number(median(starts.flat().map((pair) => pair[side])).toPrecision(3)))).join(' → ');
  return `| ${metric} | ${name} | ${medians} | ${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}) | ${promise} |`;
}

try {
  const measured = VARIANTS.map(() => [] as Awaited<ReturnType<typeof measureStart>>[]);
  for (let start = 1; start <= Number(starts); start += 1) {
    for (const [index, variant] of VARIANTS.entries()) {
      say(`${topology}, start ${start} of ${starts}: ${variant.name}`);
      measured[index]?.push(await measureStart(variant));
    }
  }
  const rows = [
    ...VARIANTS.map((variant, index) => rowOf('GET /orders/:id, µs of CPU', variant, measured[index]?.map(({ reads }) => reads) ?? [])),
    ...VARIANTS.map(({ name }, index) => rowOf('an order and all that follows, ms of CPU', { name, env: {} }, measured[index]?.map(({ orders }) => orders) ?? [])),
  ];
  const head = [`${topology}, ${starts} starts, ${failed} requests failed`, `| what | with | median: ${BASELINE.name} → with | ratio (95 %) | promised |`, '|---|---|---|---|---|'];
  process.stdout.write([...head, ...rows, ''].join('\n'));
} finally {
  await generator.close();
}
