import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIMITS } from '../comparison-settings.ts';
import { startGenerator, type Generator } from '../generator/generator.ts';
import type { TopologyReport, Verdict } from '../report-schema.ts';
import { summarizeTopology } from '../summarize.ts';
import { startSmallServer, type SmallServer } from '../testing/start-small-server.ts';
import { complaintsOfMost } from '../testing/most-tries.ts';
import { readHostUsage } from '../usage/host-usage.ts';
import { judge } from '../verdict.ts';
import { measurePasses } from './measure-passes.ts';
import type { Stand } from './measure-window.ts';

const WORK_MS = 3;
const REST_MS = 2;
const SLOW = new URL('../testing/slow-preload.ts', import.meta.url);
/** 20 % of what a request costs. */
const BURNT_MS = 0.6;
const DELAY_MS = 2;
const SIZED_TO = 0.15;
/** As many as a p99 needs; the servers are at work about half the time, so that nothing queues. */
const READ = { ratePerSecond: 75, seconds: 1.4 };
const PASSES = 5;
/** All that a window on one path gives, beside what it gives of the other paths. */
const [CPU, LATENCY, P99, MEMORY] = ['CPU of GET /menu (cached read)', 'median of GET /menu', 'p99 of GET /menu', 'memory under load'];
const LIMITS_WITHOUT_NOISE = { ...LIMITS, strangerCores: Infinity, stealShare: Infinity };
const CUSTOMER = { id: '', email: '', password: '', token: '', orderPath: '' };

let servers: SmallServer[] = [];
let generator: Generator | undefined;

beforeAll(async () => {
  generator = await startGenerator();
  const costs = { workMs: WORK_MS, restMs: REST_MS };
  servers = await Promise.all([
    startSmallServer({ name: 'plain', ...costs }),
    startSmallServer({ name: 'twin', ...costs }),
    startSmallServer({ name: 'late', ...costs, preload: { file: SLOW, argument: `delay=${DELAY_MS}` } }),
    startSmallServer({ name: 'burning', ...costs, preload: { file: SLOW, argument: `burn=${BURNT_MS}` } }),
  ]);
});

afterAll(async () => {
  await generator?.close();
  await Promise.all(servers.map((server) => server.stop()));
});

interface Compared {
  topologies: TopologyReport[];
  verdicts: Verdict[];
}

async function compareAll(seed: number): Promise<Compared> {
  const shops = servers.map(({ shop }) => shop);
  const stand: Stand = { generator: generator!, limits: LIMITS_WITHOUT_NOISE, shops, seed, readHost: readHostUsage, onRound: () => undefined };
  const prepared = { menuItemIds: [], customers: () => Promise.resolve([CUSTOMER]) };
  const passes = await measurePasses({ stand, brews: shops.map((shop) => ({ shop, prepared })), passes: PASSES, windows: { read: READ } });
  const topologies = shops.map((shop, index) => ({
    ...summarizeTopology({ shop, windows: passes[index]!, starts: [], perOrder: { spans: [], logLines: [] } }, { windows: { read: READ }, stepMs: 0 }),
    pricePerMillionOrders: null,
  }));
  return { topologies, verdicts: judge(topologies) };
}

/** What is not as expected of one comparison; nothing if all is. */
function complaints({ topologies, verdicts }: Compared): string[] {
  const of = (topology: string, metric: string): Verdict => verdicts.find((verdict) => verdict.topology === topology && verdict.metric === metric)!;
  const near = (what: string, found: number, planted: number): string[] => (Math.abs(found / planted - 1) <= SIZED_TO ? [] : [`${what}: ${found.toFixed(3)} found, ${planted} planted`]);
  const twin = verdicts.filter(({ topology, outcome }) => topology === 'twin' && outcome !== 'not measured');
  const untold = [CPU, LATENCY, P99, MEMORY].filter((metric) => !twin.some((verdict) => verdict.metric === metric));
  const plain = topologies[0]!.paths.read;
  return [
    ...untold.map((metric) => `twin: ${metric} was not measured`),
    ...[...twin, of('late', CPU)].filter(({ outcome }) => outcome !== 'indistinguishable').map(({ topology, sentence }) => `${topology}: ${sentence}`),
    ...[of('late', LATENCY), of('burning', CPU)].filter(({ winner }) => winner !== 'plain').map(({ topology, sentence }) => `${topology}: ${sentence}`),
    ...near('share of CPU time', of('burning', CPU).ratio.estimate - 1, (BURNT_MS * 1_000) / plain.cpuMicros!.total.median),
    ...near('delay in ms', (of('late', LATENCY).ratio.estimate - 1) * plain.p50Ms.median, DELAY_MS),
  ];
}

test('when one server is 2 ms late and one burns 20 % more, then both are found and sized to 15 %, and a twin is told from the plain one by nothing', { timeout: 600_000 }, async () => {
  expect(await complaintsOfMost(async (seed) => complaints(await compareAll(seed)))).toEqual([]);
});
