// Starts what the benches of the gateway measure, each in a process of its own: an upstream, the least proxy, the gateway.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../src/backends/free-port.ts';
import { inheritedEnvironment } from '../src/environment.ts';
import { LabError } from '../src/errors.ts';
import { ROOT } from '../src/paths.ts';

export interface Server {
  name: string;
  pid: number;
  origin: string;
}

type Environment = Readonly<Record<string, string>>;

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
/** Every server here answers it. */
export const PATH = '/api/v1/menu';
/** As long as an access token is. */
export const TOKEN = 'x'.repeat(700);

const PLAIN = join(ROOT, 'lab', 'bench', 'plain-server.ts');
const GATEWAY = join(ROOT, 'services', 'gateway', 'src', 'main.ts');

/** Whatever this run started; ended with it. */
const children: ChildProcess[] = [];

export function startBareServer(name: string): Promise<Server> {
  return start(name, (port) => [PLAIN, 'answer', String(port)]);
}

export function startLeastProxy(name: string, upstream: Server): Promise<Server> {
  return start(name, (port) => [PLAIN, 'proxy', String(port), upstream.origin]);
}

export function startGateway(name: string, { origin }: Server, environment: Environment): Promise<Server> {
  return start(name, () => [GATEWAY], { AUTH_URL: origin, ORDERS_URL: origin, NOTIFICATIONS_URL: origin, ...environment });
}

export function stopServers(): void {
  for (const child of children) child.kill();
}

async function start(name: string, command: (port: number) => string[], environment: Environment = {}): Promise<Server> {
  const port = await freePort();
  const env = { ...inheritedEnvironment(), ...environment, PORT: String(port) };
  const child = spawn(process.execPath, command(port), { stdio: ['ignore', 'ignore', 'inherit'], env });
  children.push(child);
  const server = { name, pid: child.pid ?? 0, origin: `http://127.0.0.1:${port}` };
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
