// What one hop through the gateway costs: CPU time for each request of the gateway as it is shipped, of the least proxy, and of bare node:http.
// Usage: node lab/bench/gateway-hop.ts [rounds]     (Linux; the columns are comparable within one run only)
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { freePort } from '../src/backends/free-port.ts';
import { readProcessUsage } from '../src/compare/usage/process-usage.ts';
import { figureOf, type Figure } from '../src/compare/statistics.ts';
import { inheritedEnvironment } from '../src/environment.ts';
import { LabError } from '../src/errors.ts';
import { ROOT } from '../src/paths.ts';

const DEFAULT_ROUNDS = 5;
const ROUND_SECONDS = 3;
const CONNECTIONS = 16;
const START_TIMEOUT_MS = 10_000;
const POLL_MS = 50;
const US_PER_MS = 1_000;
const PATH = '/api/v1/menu';
/** As long as an access token is. */
const HEADERS = { authorization: `Bearer ${'x'.repeat(700)}`, accept: 'application/json' };

const PLAIN = join(ROOT, 'lab', 'bench', 'plain-server.ts');
const GATEWAY = join(ROOT, 'services', 'gateway', 'src', 'main.ts');

interface Server {
  name: string;
  child: ChildProcess;
  origin: string;
}

type Environment = Record<string, string>;

/** Whatever this run started; ended with it. */
const children: ChildProcess[] = [];

async function start(name: string, command: (port: number) => string[], environment: Environment = {}): Promise<Server> {
  const port = await freePort();
  const env = { ...inheritedEnvironment(), ...environment, PORT: String(port) };
  const child = spawn(process.execPath, command(port), { stdio: ['ignore', 'ignore', 'inherit'], env });
  children.push(child);
  const server = { name, child, origin: `http://127.0.0.1:${port}` };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(server.origin))) {
    if (Date.now() > deadline) throw new LabError(`${name} does not answer`);
    await sleep(POLL_MS);
  }
  return server;
}

async function answers(origin: string): Promise<boolean> {
  try {
    return (await fetch(origin + PATH)).ok;
  } catch {
    return false;
  }
}

async function startAll(): Promise<Server[]> {
  const { origin } = await start('upstream', (port) => [PLAIN, 'answer', String(port)]);
  const urls = { AUTH_URL: origin, ORDERS_URL: origin, NOTIFICATIONS_URL: origin };
  return [
    await start('bare node:http', (port) => [PLAIN, 'answer', String(port)]),
    await start('node:http + undici dispatch', (port) => [PLAIN, 'proxy', String(port), origin]),
    await start('gateway, quiet, no limits', () => [GATEWAY], { ...urls, LOG_LEVEL: 'warn', RATE_LIMIT_PER_SECOND: '0' }),
    await start('gateway, request log, limits', () => [GATEWAY], { ...urls, RATE_LIMIT_PER_SECOND: '1000000' }),
  ];
}

/** CPU microseconds for each request of one server under full load. */
async function measure({ name, child, origin }: Server): Promise<number> {
  const pid = child.pid ?? 0;
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
} finally {
  for (const child of children) child.kill();
}
