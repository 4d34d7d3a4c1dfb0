import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres, type EmbeddedPostgres } from '../backends/postgres.ts';
import { runSql } from '../backends/run-sql.ts';
import { docker } from '../containers/docker.ts';
import { readLog } from '../containers/read-log.ts';
import { startContainerShops } from '../containers/start-container-shops.ts';
import type { Span } from '../receivers/span.ts';
import type { TraceReceiver } from '../receivers/trace-receiver.ts';
import { parseTopology, type ProcessGroup } from '../topology/parse-topology.ts';
import { databasesOf, fittingMessaging } from '../topology/process-settings.ts';
import type { RunningShop } from '../topology/shop.ts';
import { startShop, type Variables } from '../topology/start-shop.ts';
import { startTwin } from '../topology/start-twin.ts';
import { createUndo, type Undo } from '../topology/undo.ts';
import { askConditions, type Askable, type BrewConditions } from './brew-conditions.ts';
import { SHOP_SETTINGS } from './comparison-settings.ts';
import { containerProjectsOf, ENGINE_NAMES, type ContainerProject } from './container-projects.ts';
import type { Traces } from './cost/count-per-order.ts';
import type { MeasuredProcess, MeasuredShop } from './method/measured-shop.ts';

/** Where facts and tasks go: what fits the number of processes and the backends, or elsewhere, to measure what that costs. */
export type Messaging = 'fitting' | 'postgres' | 'brokers';

/** A brew to be started. */
export interface BrewRequest {
  /** Its name in the report. */
  name: string;
  topology: string;
  messaging: Messaging;
}

/** A brew that runs. */
export interface OpenBrew extends Traces {
  shop: MeasuredShop;
  groups: RunningShop['topology']['processes'];
  request: BrewRequest;
  /** Spans of an order that have arrived so far. */
  spansOfOrder(orderId: string): readonly Span[];
  /** What its processes send their spans to; brews in containers share it. */
  traces: Pick<TraceReceiver, 'received' | 'all' | 'clear'>;
  /** What its processes and databases say that they run with. */
  conditions(): Promise<BrewConditions>;
  /** Where its processes are children of the lab. */
  embedded?: EmbeddedParts;
}

/** What can be done to a brew on embedded parts beside killing its processes. */
export interface EmbeddedParts {
  database: EmbeddedPostgres;
  /** More variables for a process, from its next start on. */
  give(process: string, variables: Variables): void;
  /** Of its API listener. */
  portOf(process: string): number;
  /** Another process of the same modules on the same backends, with a port of its own. Ends with the brew, unless it is stopped before. */
  startTwin(process: string): Promise<{ process: MeasuredProcess; port: number; stop(): Promise<void> }>;
  /** Its logs need not stay, though processes of it were killed. */
  forgetLogs(): void;
}

export interface OpenBrews {
  brews: OpenBrew[];
  stop(): Promise<void>;
}

export type BackendsKind = 'embedded' | 'containers';

/** Starts brews with the same settings. On failure nothing stays running. */
export function openBrews(requests: readonly BrewRequest[], backends: BackendsKind, onProgress: (message: string) => void): Promise<OpenBrews> {
  return backends === 'embedded' ? openEmbedded(requests, onProgress) : openContainers(requests, onProgress);
}

/** A PostgreSQL server for each: what one brew does there while the other is measured is not billed to the other. One after another, so that none slows down the start of the next. */
async function openEmbedded(requests: readonly BrewRequest[], onProgress: (message: string) => void): Promise<OpenBrews> {
  const undo = createUndo();
  const brews: OpenBrew[] = [];
  try {
    for (const request of requests) brews.push(await openOne(request, undo, onProgress));
    return { brews, stop: () => undo.run() };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function openOne(request: BrewRequest, undo: Undo, onProgress: (message: string) => void): Promise<OpenBrew> {
  const topology = parseTopology(request.topology);
  if (request.messaging === 'brokers') throw new TypeError(`${request.name}: there are no brokers among embedded parts`);
  const messaging = request.messaging === 'postgres' ? 'postgres' : fittingMessaging(topology);
  onProgress(`${topology.name}: starting PostgreSQL`);
  const databases = databasesOf(topology, '', messaging);
  const server = await startPostgres({ databases });
  undo.add(() => server.stop());
  const given = new Map<string, Variables>();
  /** What each process runs with. */
  const running = new Map<string, Variables>();
  const env = ({ name }: ProcessGroup, variables: Variables): Variables => {
    const own = { ...SHOP_SETTINGS, ...given.get(name) };
    running.set(name, { ...variables, ...own });
    return own;
  };
  const shop = await startShop({ topology, messaging, postgres: { server, prefix: '' }, env, onProgress });
  let keepsLogs = true;
  undo.add(async () => { if (!keepsLogs) await rm(shop.logFolder, { recursive: true, force: true }); });
  undo.add(shop.stop);
  const embedded: EmbeddedParts = {
    database: server,
    give: (process, variables) => void given.set(process, variables),
    portOf: (process) => Number(running.get(process)?.['PORT']),
    startTwin: async (process) => {
      const group = topology.processes.find(({ name }) => name === process);
      if (group === undefined) throw new TypeError(`no process is called "${process}"`);
      const twin = await startTwin({ group, variables: running.get(process) ?? {}, logFile: join(shop.logFolder, `${process}-twin.log`) });
      undo.add(twin.stop);
      return { process: twin, port: Number(new URL(twin.origin ?? '').port), stop: twin.stop };
    },
    forgetLogs: () => { keepsLogs = false; },
  };
  // The lab starts processes with its own Node.
  const nodeOf = (): Promise<string> => Promise.resolve(process.versions.node);
  const query: Askable['query'] = async (database, sql) => String(Object.values((await runSql(server.url(database), sql))[0] ?? {})[0]);
  return { ...openBrew({ request, shop, backends: [{ name: 'PostgreSQL', pid: server.pid }], databases, nodeOf, query }), embedded };
}

/** Project after project: the engines of several at once would slow each other's start down. */
async function openContainers(requests: readonly BrewRequest[], onProgress: (message: string) => void): Promise<OpenBrews> {
  const undo = createUndo();
  const brews: OpenBrew[] = [];
  try {
    for (const project of containerProjectsOf(requests)) brews.push(...(await openProject(project, undo, onProgress)));
    return { brews: requests.flatMap((request) => brews.find((brew) => brew.request === request) ?? []), stop: () => undo.run() };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function openProject({ requests, options, enginesOf, messages }: ContainerProject, undo: Undo, onProgress: (message: string) => void): Promise<OpenBrew[]> {
  const { project, shops, stop } = await startContainerShops(requests.map(({ topology }) => topology), { ...options, onProgress });
  undo.add(stop);
  return Promise.all(requests.map(async (request, index) => {
    const shop = shops[index];
    if (shop === undefined) throw new TypeError('a shop is missing');
    const backends = await Promise.all(enginesOf(shop.topology.processes.length).map(async (engine) => ({ name: ENGINE_NAMES[engine], pid: Number(await docker(['inspect', '--format', '{{.State.Pid}}', `${project}-${engine}-1`])) })));
    const query: Askable['query'] = (database, sql) => docker(['exec', `${project}-postgres-1`, 'psql', '--username=postgres', `--dbname=${database}`, '--tuples-only', '--no-align', '--command', sql]);
    const nodeOf: Askable['nodeOf'] = async (name) => (await docker(['exec', shop.processes.find((each) => each.name === name)?.log ?? '', 'node', '--version'])).trim().replace(/^v/, '');
    return openBrew({ request, shop, backends, databases: databasesOf(shop.topology, '', messages), nodeOf, query });
  }));
}

interface Opened extends Pick<MeasuredShop, 'backends'>, Pick<Askable, 'databases' | 'nodeOf' | 'query'> {
  request: BrewRequest;
  shop: RunningShop;
}

function openBrew({ request, shop, backends, ...asked }: Opened): OpenBrew {
  return {
    request,
    groups: shop.topology.processes,
    shop: { name: request.name, baseUrl: shop.baseUrl, processes: shop.processes, backends },
    spansOf: (traceId) => shop.traces.trace(traceId).length,
    spansOfOrder: (orderId) => shop.traces.traceOfOrder(orderId),
    traces: shop.traces,
    conditions: () => askConditions({ topology: request.name, processes: shop.processes, ...asked }),
    logs: async () => (await Promise.all(shop.processes.map((each) => readLog(each)))).join('\n'),
  };
}
