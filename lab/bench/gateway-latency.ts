// What a hop through the gateway adds to the latency of a request: the same upstream directly and through the gateway, in turn there and back, at one fixed rate, half of the
// highest that holds through the gateway (p99 of 50 ms; found first, unless --rate tells one). From the moment each request was due. The gateway writes its request log and
// counts its limits, as it is shipped. Where the load generator gives up before the gateway, the rate is half of what the generator bears, and that is told.
// Usage: node lab/bench/gateway-latency.ts [passes] [--rate <requests a second>] [--noise <cores that others may use>]     (on a quiet machine; 8 passes of 4 s unless told)
import { parseArgs } from 'node:util';
import { STANDARD, type SaturationSettings } from '../src/compare/comparison-settings.ts';
import { startGenerator, type Generator } from '../src/compare/generator/generator.ts';
import { drivePath } from '../src/compare/knee/drive-path.ts';
import { warmUp } from '../src/compare/measure-sections.ts';
import { measurePasses, type Passes } from '../src/compare/method/measure-passes.ts';
import type { Brew, Stand } from '../src/compare/method/measure-window.ts';
import { pairedDifference } from '../src/compare/method/paired-difference.ts';
import { figureOf } from '../src/compare/statistics.ts';
import { formatKnee, formatRate } from '../src/compare/units.ts';
import { readHostUsage } from '../src/compare/usage/host-usage.ts';
import { LabError } from '../src/errors.ts';
import { limitsOf, say, tellVoid } from './open-stand.ts';
import { PATH, startBareServer, startGateway, stopServers, TOKEN, type Server } from './start-server.ts';

const { positionals: [passes = '8'], values: { rate, noise } } = parseArgs({ allowPositionals: true, options: { rate: { type: 'string' }, noise: { type: 'string' } } });
const SECONDS = 4;
/** The path of the generator that sends a token with every request. */
const SENT = 'databaseRead';
const SEARCH: SaturationSettings = { passes: 1, paths: [SENT], concurrencies: [1, 4, 16, 64], sweepSeconds: 1, probeSeconds: 2 };
const CUSTOMER = { id: '', email: '', password: '', token: TOKEN, orderPath: PATH };

function asBrew({ name, pid, origin }: Server): Brew {
  const standing = { name, modules: [], pid, readyAfterMs: 0, restart: () => Promise.resolve(), kill: () => Promise.resolve() };
  return { shop: { name, baseUrl: origin, processes: [standing], backends: [] }, prepared: { customers: () => Promise.resolve([CUSTOMER]), menuItemIds: [] } };
}

async function startStand(generator: Generator): Promise<{ stand: Stand; direct: Brew; through: Brew }> {
  const upstream = await startBareServer('the upstream');
  const [direct, through] = [asBrew(upstream), asBrew(await startGateway('the gateway', upstream, { RATE_LIMIT_PER_SECOND: '1000000' }))];
  return { stand: { generator, limits: limitsOf(noise), shops: [direct.shop, through.shop], seed: 0, readHost: readHostUsage, onRound: tellVoid }, direct, through };
}

/** A rate to send at, and what it is. */
async function chooseRate(stand: Stand, brew: Brew): Promise<{ ratePerSecond: number; what: string }> {
  if (rate !== undefined) return { ratePerSecond: Number(rate), what: `${formatRate(Number(rate))}, as told` };
  const driver = drivePath(SENT, { stand, brew, settings: SEARCH, onStep: say });
  await driver.search();
  const [saturation] = driver.saturations();
  const kneePerSecond = saturation?.knee.ratePerSecond ?? null;
  if (kneePerSecond === null) throw new LabError('no rate held, or no window counts: end what else runs on this machine, allow more with --noise, or tell a rate with --rate');
  const limited = saturation?.knee.found === 'generator' ? ', where the load generator gives up' : '';
  return { ratePerSecond: kneePerSecond / 2, what: `${formatRate(kneePerSecond / 2)}, half of ${formatKnee(saturation)}${limited}` };
}

function rowsOf([direct, through]: Passes): string[] {
  const told = [['p50', 'p50Ms'], ['p99', 'p99Ms']] as const;
  return told.map(([name, key]) => {
    const [a, b] = [direct, through].map((each) => each?.[SENT]?.map(({ result }) => result[key]) ?? []) as [(number | null)[], (number | null)[]];
    const added = pairedDifference(b, a);
    if (added.n === 0) return `| ${name} | too few requests in each window | | | |`;
    const shown = (values: (number | null)[]): string => figureOf(values.flatMap((value) => value ?? [])).median.toFixed(2);
    return `| ${name} | ${shown(a)} | ${shown(b)} | ${added.median.toFixed(2)} | ${added.min.toFixed(2)} to ${added.max.toFixed(2)} |`;
  });
}

const generator = await startGenerator();
try {
  const { stand, direct, through } = await startStand(generator);
  for (const brew of [direct, through]) await warmUp(brew, [SENT], { generator, settings: STANDARD, seed: stand.seed });
  const { ratePerSecond, what } = await chooseRate(stand, through);
  const measured = await measurePasses({ stand, brews: [direct, through], passes: Number(passes), windows: { [SENT]: { ratePerSecond, seconds: SECONDS } }, onWindow: say });
  const pairs = measured[0]?.[SENT]?.length ?? 0;
  const failed = measured.flatMap((windows) => windows[SENT] ?? []).reduce((sum, { result }) => sum + result.failed, 0);
  process.stdout.write([`${what}; ${pairs} of ${passes} passes of ${SECONDS} s count, ${failed} requests failed`, '| ms | directly | through the gateway | added | least to most |', '|---|---|---|---|---|', ...rowsOf(measured), ''].join('\n'));
} finally {
  stopServers();
  await generator.close();
}
