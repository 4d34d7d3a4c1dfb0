// What one hop through the gateway costs: CPU time for each request of the gateway as it is shipped, of the least proxy, and of bare node:http.
// Usage: node lab/bench/gateway-hop.ts [rounds]     (Linux; the columns are comparable within one run only)
import autocannon from 'autocannon';
import { readProcessUsage } from '../src/compare/usage/process-usage.ts';
import { figureOf, type Figure } from '../src/compare/statistics.ts';
import { LabError } from '../src/errors.ts';
import { PATH, startBareServer, startGateway, startLeastProxy, stopServers, TOKEN, type Server } from './start-server.ts';

const DEFAULT_ROUNDS = 5;
const ROUND_SECONDS = 3;
const CONNECTIONS = 16;
const US_PER_MS = 1_000;
const PERCENT = 100;
const HEADERS = { authorization: `Bearer ${TOKEN}`, accept: 'application/json' };

/** They differ in LOG_LEVEL alone. */
const QUIET = 'gateway, quiet, limits';
const LOGGING = 'gateway, request log, limits';

async function startAll(): Promise<Server[]> {
  const upstream = await startBareServer('upstream');
  return [
    await startBareServer('bare node:http'),
    await startLeastProxy('node:http + undici dispatch', upstream),
    await startGateway('gateway, quiet, no limits', upstream, { LOG_LEVEL: 'warn', RATE_LIMIT_PER_SECOND: '0' }),
    await startGateway(QUIET, upstream, { LOG_LEVEL: 'warn', RATE_LIMIT_PER_SECOND: '1000000' }),
    await startGateway(LOGGING, upstream, { RATE_LIMIT_PER_SECOND: '1000000' }),
  ];
}

/** CPU microseconds for each request of one server under full load. */
async function measure({ name, pid, origin }: Server): Promise<number> {
  const before = await readProcessUsage(pid);
  const { requests, non2xx, errors } = await autocannon({ url: origin + PATH, connections: CONNECTIONS, duration: ROUND_SECONDS, headers: HEADERS });
  const after = await readProcessUsage(pid);
  if (non2xx > 0 || errors > 0) throw new LabError(`${name} gave ${non2xx} other answers and ${errors} errors`);
  return ((after.cpuMs - before.cpuMs) * US_PER_MS) / requests.total;
}

function print(rows: readonly { name: string; cost: Figure }[]): void {
  const bare = rows[0]?.cost.min ?? 1;
  const lines = rows.map(({ name, cost }) => `| ${name} | ${cost.median.toFixed(0)} | ${cost.min.toFixed(0)} | ${(cost.min / bare).toFixed(1)} |`);
  process.stdout.write(['| CPU µs a request | median | least | least ÷ bare |', '|---|---|---|---|', ...lines, ''].join('\n'));
}

/** What the log line is of a hop: in each round the quiet gateway against the other. */
function printLogShare(costs: ReadonlyMap<Server, readonly number[]>): void {
  const [quiet, logging] = [QUIET, LOGGING].map((name) => [...costs].find(([server]) => server.name === name)?.[1] ?? []);
  const shares = (logging ?? []).map((cost, round) => (1 - (quiet?.[round] ?? NaN) / cost) * PERCENT);
  const { median, min, max } = figureOf(shares);
  process.stdout.write(`The log line is ${median.toFixed(1)} % of a hop (${min.toFixed(1)} to ${max.toFixed(1)} in ${shares.length} rounds); aimed at: at most 3 %\n`);
}

const rounds = Number(process.argv[2] ?? DEFAULT_ROUNDS);
try {
  const measured = await startAll();
  for (const server of measured) await measure(server);
  const costs = new Map<Server, number[]>(measured.map((server) => [server, []]));
  for (let round = 0; round < rounds; round += 1) {
    // There and back again, so that a machine that slows down treats all alike.
    const order = round % 2 === 0 ? measured : measured.toReversed();
    for (const server of order) costs.get(server)?.push(await measure(server));
  }
  print(measured.map((server) => ({ name: server.name, cost: figureOf(costs.get(server) ?? []) })));
  printLogShare(costs);
} finally {
  stopServers();
}
