import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, requireFreePort } from '../backends/free-port.ts';
import { startPostgres, type DatabaseServer, type EmbeddedPostgres } from '../backends/postgres.ts';
import { STATE_FOLDER } from '../paths.ts';
import { startMailReceiver, type MailReceiver } from '../receivers/mail-receiver.ts';
import { startTraceReceiver, type TraceReceiver } from '../receivers/trace-receiver.ts';
import { parseTopology, topologySlug, type ProcessGroup, type Topology } from './parse-topology.ts';
import { databasesOf, fittingMessaging, processSettings, type Messaging, type ShopSettings } from './process-settings.ts';
import { ensureBundles, programOf, type Program } from './programs.ts';
import type { Shop } from './shop.ts';
import { superviseProcess, type SupervisedProcess } from './supervised-process.ts';
import { createUndo, type Undo } from './undo.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

export interface StartShopOptions {
  /** `monolith`, `microservices`, groups such as `gateway+auth | orders+notifications`, or a parsed topology. */
  topology: string | Topology;
  /** For every process, or for each by what the lab would set; stronger than that. Asked anew whenever a process is started. */
  env?: Variables | ((group: ProcessGroup, variables: Variables) => Variables);
  /** Of event log and task queue, on embedded parts; what fits the number of processes unless told. Several have none in process. */
  messaging?: Messaging;
  /** Of the gateway; a free one unless told. `variable` is named in the message when it is taken. */
  ports?: { http?: number; variable?: string };
  /** First staff user; a random password unless told. */
  staff?: { email: string; password: string };
  /** A receiver to share. Whoever made it closes it. */
  traces?: TraceReceiver;
  mail?: MailReceiver;
  /** A server to share that has `databasesOf(topology, prefix)`. Whoever started it stops it. */
  postgres?: { server: DatabaseServer; prefix: string };
  /** Runs another program for a process than its bundle, from its sources say. */
  programOf?: (group: ProcessGroup) => Program;
  /** Start a process again whenever it ends by itself or is killed. */
  restart?: boolean;
  /** Parent of the folder with the logs. */
  logFolder?: string;
  /** `stop` leaves the logs. They stay anyway after an unexpected end of a process. */
  keepLogs?: boolean;
  /** What happens now, for people. */
  onProgress?: (message: string) => void;
}

/** Starts a shop and resolves when every process is ready. On failure nothing stays running, and the error says what to look at. */
export async function startShop(options: StartShopOptions): Promise<Shop> {
  const topology = typeof options.topology === 'string' ? parseTopology(options.topology) : options.topology;
  const progress = (message: string): void => options.onProgress?.(`${topology.name}: ${message}`);
  if (options.ports?.http !== undefined) await requireFreePort(options.ports.http, options.ports.variable ?? 'ports.http');
  if (options.programOf === undefined) await ensureBundles(topology, progress);

  const undo = createUndo();
  try {
    const parts = await openParts(topology, options, undo, progress);
    const processes = await startProcesses(topology, options, parts, undo, progress);
    const gateway = processes.find((one) => one.modules.includes('gateway'));
    let stopped: Promise<void> | undefined;
    return {
      name: topology.name,
      topology,
      baseUrl: gateway?.origin ?? '',
      staff: parts.staff,
      processes,
      mail: parts.mail,
      traces: parts.traces,
      postgres: parts.postgres,
      logFolder: parts.logFolder,
      stop: () => (stopped ??= undo.run()),
    };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

export interface StartShopsOptions extends Omit<StartShopOptions, 'topology' | 'postgres' | 'ports'> {
  /** By the name of the topology. */
  ports?: Readonly<Record<string, NonNullable<StartShopOptions['ports']>>>;
}

export interface RunningShops {
  shops: Shop[];
  postgres: EmbeddedPostgres;
  /** Ends the shops and the server. Idempotent. */
  stop(): Promise<void>;
}

/** Starts several shops on one PostgreSQL server, one after another, so that one does not slow down the start of the next. */
export async function startShops(topologies: readonly string[], options: StartShopsOptions = {}): Promise<RunningShops> {
  const { ports, ...common } = options;
  const parsed = topologies.map(parseTopology);
  const undo = createUndo();
  for (const { http, variable } of Object.values(ports ?? {})) if (http !== undefined) await requireFreePort(http, variable ?? 'ports.http');
  options.onProgress?.('starting PostgreSQL');
  const starting = startPostgres({ databases: parsed.flatMap((topology) => databasesOf(topology, prefixOf(topology))) });
  // A failure is thrown below, where it is waited for.
  const started = starting.catch(() => undefined);
  undo.add(async () => { await (await started)?.stop(); });
  const shops: Shop[] = [];
  undo.add(async () => { await Promise.all(shops.map((shop) => shop.stop())); });
  try {
    // The bundles are built meanwhile.
    if (common.programOf === undefined) for (const topology of parsed) await ensureBundles(topology, (message) => common.onProgress?.(message));
    const server = await starting;
    for (const topology of parsed) {
      const port = ports?.[topology.name];
      shops.push(await startShop({ ...common, topology, postgres: { server, prefix: prefixOf(topology) }, ...(port === undefined ? {} : { ports: port }) }));
    }
    return { shops, postgres: server, stop: () => undo.run() };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

function prefixOf(topology: Topology): string {
  return `${topologySlug(topology)}_`;
}

interface Parts {
  postgres: DatabaseServer;
  databaseUrl: (database: string) => string;
  mail: MailReceiver;
  traces: TraceReceiver;
  staff: { email: string; password: string };
  logFolder: string;
}

async function openParts(topology: Topology, options: StartShopOptions, undo: Undo, progress: (message: string) => void): Promise<Parts> {
  const { postgres: shared } = options;
  if (shared === undefined) progress('starting PostgreSQL');
  const postgres = shared?.server ?? (await startOwnPostgres(topology, options, undo));
  const mail = options.mail ?? (await startMailReceiver());
  if (options.mail === undefined) undo.add(() => mail.close());
  const traces = options.traces ?? (await startTraceReceiver());
  if (options.traces === undefined) undo.add(() => traces.close());
  const runs = options.logFolder ?? join(STATE_FOLDER, 'runs');
  await mkdir(runs, { recursive: true });
  const logFolder = await mkdtemp(join(runs, `${topologySlug(topology)}-`));
  return {
    postgres,
    databaseUrl: (database) => postgres.url((shared?.prefix ?? '') + database),
    mail,
    traces,
    staff: options.staff ?? { email: 'staff@doubleshot.example', password: randomBytes(12).toString('base64url') },
    logFolder,
  };
}

async function startOwnPostgres(topology: Topology, { messaging }: StartShopOptions, undo: Undo): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ databases: databasesOf(topology, '', messaging) });
  undo.add(() => postgres.stop());
  return postgres;
}

async function startProcesses(topology: Topology, options: StartShopOptions, parts: Parts, undo: Undo, progress: (message: string) => void): Promise<SupervisedProcess[]> {
  const ports: ShopSettings['ports'] = new Map(
    await Promise.all(
      topology.processes.map(async ({ name, modules }) => {
        const wanted = modules.includes('gateway') ? options.ports?.http : undefined;
        return [name, { http: wanted ?? (await freePort()), ops: await freePort() }] as const;
      }),
    ),
  );
  const { env } = options;
  const settings: Omit<ShopSettings, 'overrides'> = {
    topology,
    messaging: options.messaging ?? fittingMessaging(topology),
    ports,
    databaseUrl: parts.databaseUrl,
    smtpUrl: parts.mail.url,
    otlpUrl: parts.traces.url,
    staff: parts.staff,
    signingKeySecret: randomBytes(32).toString('base64url'),
  };
  progress(`starting ${topology.processes.map((group) => group.name).join(', ')}`);
  const processes = topology.processes.map((group) =>
    superviseProcess({
      group,
      program: (options.programOf ?? programOf)(group),
      settings: () => processSettings(group, { ...settings, overrides: variablesFor(group, env, processSettings(group, { ...settings, overrides: {} })) }),
      logFile: join(parts.logFolder, `${group.name}.log`),
      restart: options.restart ?? false,
    }),
  );
  // Once all have ended, however it came to that. What ended by itself left its reasons there.
  undo.add(async () => {
    if (options.keepLogs !== true && processes.every((one) => one.unexpectedEnds === 0)) await rm(parts.logFolder, { recursive: true, force: true });
  });
  undo.add(() => stopInOrder(processes));
  for (const one of processes) one.start();
  await Promise.all(processes.map((one) => one.ready()));
  return processes;
}

/** What `env` says now of a process that would have `variables`. */
export function variablesFor(group: ProcessGroup, env: StartShopOptions['env'], variables: Variables): Variables {
  return typeof env === 'function' ? env(group, variables) : (env ?? {});
}

/** The gateway first, so that no request finds a module gone. */
async function stopInOrder(processes: readonly SupervisedProcess[]): Promise<void> {
  const inFront = processes.filter((one) => one.modules.includes('gateway'));
  await Promise.all(inFront.map((one) => one.stop()));
  await Promise.all(processes.filter((one) => !inFront.includes(one)).map((one) => one.stop()));
}
