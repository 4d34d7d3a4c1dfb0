import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addressForContainers } from './address-for-containers.ts';
import { requireEngine } from './docker.ts';
import { freePort, requireFreePort } from '../backends/free-port.ts';
import { ROOT } from '../paths.ts';
import { startMailReceiver, type MailReceiver } from '../receivers/mail-receiver.ts';
import { startTraceReceiver, type TraceReceiver } from '../receivers/trace-receiver.ts';
import { parseTopology, type Topology } from '../topology/parse-topology.ts';
import type { RunningShop } from '../topology/shop.ts';
import { createUndo } from '../topology/undo.ts';
import { createComposeProject, type ComposeProject } from './compose-project.ts';
import { createContainerProcess, type ContainerProcess } from './container-process.ts';

export interface StartContainerShopsOptions {
  /** Ports of Nginx, by the name of the topology; free ones unless told. `variable` is named in the message when one is taken. */
  ports?: Readonly<Record<string, { http: number; variable: string }>>;
  /** Port of Nginx where the brews have names; a free one unless told. */
  namesPort?: { http: number; variable: string };
  /** How many containers run a process, by its name; one unless told. */
  replicas?: Readonly<Record<string, number>>;
  /** Images that can reach every kind of log, queue and cache, and not only those that a process usually has. */
  allAdapters?: boolean;
  /** Further services of deploy/docker/compose.yaml to start, of any profile. */
  further?: readonly string[];
  /** Further files of deploy/docker beside compose.yaml, each stronger than those before. */
  files?: readonly string[];
  /** Variables of deploy/docker/compose.yaml, stronger than what the lab sets. */
  env?: Readonly<Record<string, string>>;
  /** First staff user; a random password unless told. */
  staff?: { email: string; password: string };
  onProgress?: (message: string) => void;
}

/** A shop whose processes are containers. Replicas of a process have the same name, and their containers different ones. */
export interface ContainerShop extends RunningShop {
  readonly processes: readonly ContainerProcess[];
}

export interface RunningContainerShops {
  /** Name of the compose project. */
  project: string;
  /** Pages to look at, by what they show. */
  pages: Readonly<Record<string, string>>;
  shops: readonly ContainerShop[];
  stop(): Promise<void>;
}

const COMPOSE_FILE = 'compose.yaml';
/** Address of this machine as containers see it. */
const HOST_NAME = 'host.docker.internal';
export const IMAGE_TAG = 'dev';
const ALL_ADAPTERS_TAG = 'dev-all-adapters';
const NOBODY_LISTENS = 'server 127.0.0.1:9;';
const NGINX_PORTS: Readonly<Record<string, string>> = { monolith: 'MONO_PORT', microservices: 'MICRO_PORT' };

/** Builds the images, and starts brews (monolith, microservices or both) in containers behind one Nginx, on real engines; mail and spans come to receivers of the lab. */
export async function startContainerShops(names: readonly string[], options: StartContainerShopsOptions = {}): Promise<RunningContainerShops> {
  const topologies = names.map(parseTopology);
  await requireEngine();
  const undo = createUndo();
  try {
    const parts = await openReceivers(undo);
    const plan = await choosePorts(topologies, options);
    const staff = options.staff ?? { email: 'staff@doubleshot.example', password: randomBytes(12).toString('base64url') };
    const env = variablesOf({ topologies, plan, parts, staff, env: { TAG: tagOf(options.allAdapters === true), ...options.env } });
    const project = createComposeProject({ name: `doubleshot-${randomBytes(4).toString('hex')}`, files: [COMPOSE_FILE, ...(options.files ?? [])], env });
    undo.add(() => project.remove());
    await bringUp(project, topologies, options);
    const shops = topologies.map((topology) => describeShop(topology, { project, plan, staff, parts, replicas: options.replicas ?? {}, stop: () => undo.run() }));
    await Promise.all(shops.flatMap(({ processes }) => processes.map((each) => each.ready())));
    return { project: project.name, pages: pagesOf(plan, topologies, env), shops, stop: () => undo.run() };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function bringUp(project: ComposeProject, topologies: readonly Topology[], { replicas = {}, further = [], allAdapters = false, onProgress: progress = () => undefined }: StartContainerShopsOptions): Promise<void> {
  const services = topologies.flatMap(({ processes }) => processes.map(({ name }) => name));
  progress('building the images');
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts', 'build-images.ts'), `--tag=${tagOf(allAdapters)}`, ...(allAdapters ? ['--adapters=all'] : []), ...services], { cwd: ROOT });
  progress(`starting the engines, ${[...services, 'nginx', ...further].join(', ')}`);
  // A service whose profile is not active cannot be scaled.
  const scale = Object.entries(replicas).filter(([name]) => services.includes(name)).flatMap(([name, count]) => ['--scale', `${name}=${count}`]);
  await project.compose('up', '--detach', '--wait', '--wait-timeout', '300', ...scale, ...services, 'nginx', ...further);
}

function tagOf(allAdapters: boolean): string {
  return allAdapters ? ALL_ADAPTERS_TAG : IMAGE_TAG;
}

interface Receivers {
  mail: MailReceiver;
  traces: TraceReceiver;
}

async function openReceivers(undo: { add(step: () => Promise<void>): void }): Promise<Receivers> {
  const host = await addressForContainers();
  const mail = await startMailReceiver({ host });
  undo.add(() => mail.close());
  const traces = await startTraceReceiver({ host });
  undo.add(() => traces.close());
  return { mail, traces };
}

interface PortPlan {
  /** Of Nginx, by the name of the topology. */
  http: ReadonlyMap<string, number>;
  names: number;
  /** By the name of the process, where one container runs it: it keeps its port when it is started again. */
  ops: ReadonlyMap<string, number>;
  engines: Readonly<Record<string, string>>;
}

async function choosePorts(topologies: readonly Topology[], { ports, namesPort, replicas = {} }: StartContainerShopsOptions): Promise<PortPlan> {
  const given = [...Object.values(ports ?? {}), ...(namesPort === undefined ? [] : [namesPort])];
  for (const { http, variable } of given) await requireFreePort(http, variable);
  const http = new Map<string, number>();
  const ops = new Map<string, number>();
  for (const { name, processes } of topologies) {
    http.set(name, ports?.[name]?.http ?? (await freePort()));
    // The engine finds ports for several: two containers cannot have the same.
    for (const process of processes) if ((replicas[process.name] ?? 1) === 1) ops.set(process.name, await freePort());
  }
  const engines: Record<string, string> = {};
  for (const engine of ['POSTGRES', 'REDIS', 'RABBITMQ', 'RABBITMQ_MANAGEMENT', 'KAFKA']) engines[`${engine}_PORT`] = String(await freePort());
  return { http, names: namesPort?.http ?? (await freePort()), ops, engines };
}

interface Plan {
  topologies: readonly Topology[];
  plan: PortPlan;
  parts: Receivers;
  staff: { email: string; password: string };
  env: Readonly<Record<string, string>>;
}

function variablesOf({ topologies, plan, parts, staff, env }: Plan): Record<string, string> {
  const secret = (): string => randomBytes(16).toString('hex');
  const runs = (name: string): boolean => topologies.some((topology) => topology.name === name);
  const atHost = (url: string): string => {
    const { protocol, port } = new URL(url);
    return `${protocol}//${HOST_NAME}:${port}`;
  };
  return {
    COMPOSE_PROFILES: topologies.map(({ name }) => name).join(','),
    NGINX_MONOLITH: runs('monolith') ? serversOf('monolith') : NOBODY_LISTENS,
    NGINX_MICROSERVICES: runs('microservices') ? serversOf('gateway') : NOBODY_LISTENS,
    HTTP_PORT: String(plan.names),
    ...Object.fromEntries(Object.entries(NGINX_PORTS).map(([name, variable]) => [variable, String(plan.http.get(name) ?? '127.0.0.1:')])),
    ...Object.fromEntries([...plan.ops].map(([name, port]) => [`${name.toUpperCase()}_OPS_PORT`, String(port)])),
    ...plan.engines,
    POSTGRES_PASSWORD: secret(),
    REDIS_PASSWORD: secret(),
    RABBITMQ_PASSWORD: secret(),
    SIGNING_KEY_SECRET: secret(),
    STAFF_EMAIL: staff.email,
    STAFF_PASSWORD: staff.password,
    SMTP_URL: atHost(parts.mail.url),
    OTEL_EXPORTER_OTLP_ENDPOINT: atHost(parts.traces.url),
    ...env,
  };
}

function serversOf(service: string): string {
  return `server ${service}:8080 fail_timeout=2s;`;
}

function pagesOf({ names }: PortPlan, topologies: readonly Topology[], variables: Readonly<Record<string, string>>): Record<string, string> {
  const rabbitmq = `http://localhost:${variables['RABBITMQ_MANAGEMENT_PORT'] ?? ''}  doubleshot, password: ${variables['RABBITMQ_PASSWORD'] ?? ''}`;
  return { 'brews by name': `http://localhost:${names}`, ...(topologies.some(({ name }) => name === 'microservices') && { RabbitMQ: rabbitmq }) };
}

interface ShopParts {
  project: ComposeProject;
  plan: PortPlan;
  staff: { email: string; password: string };
  parts: Receivers;
  replicas: Readonly<Record<string, number>>;
  stop: () => Promise<void>;
}

function describeShop(topology: Topology, { project, plan, staff, parts, replicas, stop }: ShopParts): ContainerShop {
  const containersOf = (name: string): string[] => Array.from({ length: replicas[name] ?? 1 }, (_, index) => project.container(name, index + 1));
  return {
    name: topology.name,
    topology,
    baseUrl: `http://127.0.0.1:${plan.http.get(topology.name) ?? 0}`,
    staff,
    processes: topology.processes.flatMap((group) => containersOf(group.name).map((container) => createContainerProcess({ group, container }))),
    ...parts,
    stop,
  };
}
