import { readdir, readFile } from 'node:fs/promises';
import { startPostgres, type DatabaseServer, type EmbeddedPostgres } from '../backends/postgres.ts';
import { requireEngine } from '../containers/docker.ts';
import { startEngines, type EngineName, type Engines } from '../containers/engines.ts';
import type { Undo } from '../topology/undo.ts';

/** Something a shop stands on, which can be taken away. */
export interface Backend {
  /** For people. */
  name: string;
  /** Asked to stop; not every one can be. */
  stop?(): Promise<void>;
  /** At once, as in a crash. */
  kill(): Promise<void>;
  /** After `stop` or `kill`, on the same data and port; resolves when it takes connections. */
  start(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Forgets all it has; only a cache may. */
  flush?(): Promise<void>;
  /** Runs a program beside it; resolves with what it printed. Only in containers. */
  exec?(...command: string[]): Promise<string>;
  /** Leaves no room on its disk, but for so many bytes. Only on a small one. */
  fillDisk?(leaveBytes: number): Promise<void>;
  clearDisk?(): Promise<void>;
}

/** What a shop stands on, by what it is for. What is missing runs in its processes, or in the database. */
export interface Backends {
  server: DatabaseServer;
  database: Backend;
  eventLog?: Backend;
  taskQueue?: Backend;
  cache?: Backend;
  /** Variables that lead every process there. */
  variables: Readonly<Record<string, string>>;
}

/** PostgreSQL from npm alone. */
export async function openEmbeddedBackends(databases: readonly string[], undo: Undo): Promise<Backends> {
  const server = await startPostgres({ databases });
  undo.add(() => server.stop());
  const database: Backend = { name: 'PostgreSQL', kill: server.crash, start: server.start, freeze: () => signalTree(server, 'SIGSTOP'), thaw: () => signalTree(server, 'SIGCONT') };
  return { server, database, variables: {} };
}

const NAMES: Readonly<Record<EngineName, string>> = { postgres: 'PostgreSQL', redis: 'Redis', rabbitmq: 'RabbitMQ', kafka: 'Kafka' };

/** Engines in containers: PostgreSQL and Redis, and for several processes Kafka and RabbitMQ. `kafkaPort`: where Kafka tells its clients to find it. */
export async function openContainerBackends(options: { brokers: boolean; kafkaPort: number; smallDisks: boolean }, undo: Undo): Promise<Backends> {
  await requireEngine();
  const { brokers, ...how } = options;
  const engines = await startEngines(['postgres', 'redis', ...(brokers ? (['rabbitmq', 'kafka'] as const) : [])], how);
  undo.add(() => engines.stop());
  const pid = await engines.pid('postgres');
  const { postgres, redis, rabbitmq, kafka } = engines.urls;
  return {
    server: { pid, url: (database) => postgres.replace(/postgres$/, database) },
    database: engineBackend(engines, 'postgres'),
    cache: { ...engineBackend(engines, 'redis'), flush: async () => { await engines.exec('redis', ['redis-cli', '--no-auth-warning', '-u', redis.replace(/@.*/, '@127.0.0.1:6379'), 'FLUSHALL']); } },
    ...(brokers && { eventLog: engineBackend(engines, 'kafka'), taskQueue: engineBackend(engines, 'rabbitmq') }),
    variables: { CACHE_URL: redis, ...(brokers && { EVENT_LOG_URL: kafka, TASK_QUEUE_URL: rabbitmq }) },
  };
}

function engineBackend(engines: Engines, engine: EngineName): Backend {
  return {
    ...(engine !== 'redis' && { fillDisk: (leaveBytes: number) => engines.fillDisk(engine, leaveBytes), clearDisk: () => engines.clearDisk(engine) }),
    name: NAMES[engine],
    stop: () => engines.halt(engine),
    kill: () => engines.kill(engine),
    start: () => engines.start(engine),
    freeze: () => engines.freeze(engine),
    thaw: () => engines.thaw(engine),
    exec: (...command) => engines.exec(engine, command),
  };
}

/** The server's processes are in groups of their own: each is told. */
async function signalTree(server: EmbeddedPostgres, signal: NodeJS.Signals): Promise<void> {
  for (const pid of [server.pid, ...(await childrenOf(server.pid))]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => Number.isInteger(pid));
  const parents = await Promise.all(pids.map(async (pid) => ({ pid, parent: parentOf(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')) })));
  return parents.filter((each) => each.parent === parent).map(({ pid }) => pid);
}

/** The second field after the name, which is in brackets and may hold anything. */
function parentOf(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
