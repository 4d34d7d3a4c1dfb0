import { randomBytes } from 'node:crypto';
import { guardCommand } from '../../../lab/src/backends/watchdog.ts';
import { removalOf } from '../../../lab/src/containers/compose-project.ts';
import { docker } from '../../../lab/src/containers/docker.ts';
import { runTool } from '../../../lab/src/run-tool.ts';
import { createUndo } from '../../../lab/src/topology/undo.ts';
import type { Rehearsal } from '../plan/plan-rehearsal.ts';
import type { PlannedContainer } from '../plan/planned-container.ts';
import type { PlannedPod } from '../plan/planned-pod.ts';
import { runArguments, type Role } from '../plan/run-arguments.ts';
import type { WayIn } from '../plan/ways-in.ts';
import { fillVolumes } from './fill-volumes.ts';
import { inspect } from './inspect.ts';
import { endOf, startKubelet, type Kubelet } from './kubelet.ts';
import { startNodeScript } from './node-container.ts';
import type { RunningContainer } from './running-container.ts';
import { writeFiles, type WrittenFiles } from './write-files.ts';

const ENDS_WITHIN_MS = 600_000;
const SHORT_ID = 12;
/** Leads a port to this machine. */
const FORWARD = `
  import { connect, createServer } from 'node:net';
  const [port, target] = process.argv.slice(-2).map(Number);
  createServer((socket) => { const onward = connect(target, 'host.docker.internal'); socket.on('error', () => onward.destroy()); onward.on('error', () => socket.destroy()); socket.pipe(onward).pipe(socket); }).listen(port);
`;

/** Somebody on this machine who stands in for a workload. */
export interface StandIn {
  workload: string;
  /** That others call. */
  port: number;
  /** At which it listens for containers. */
  target: number;
}

export interface RunningRehearsal {
  /** What keeps running. */
  readonly containers: readonly RunningContainer[];
  readonly kubelet: Kubelet;
  /** Where a host of an Ingress leads to. */
  originOf(host: string): Promise<string>;
  /** Removes containers, volumes and network. Idempotent. */
  stop(): Promise<void>;
}

/** Runs what is planned: engines until they are ready, Jobs until they have ended, then the processes until they are ready. On failure nothing stays. */
export async function startRehearsal(plan: Rehearsal, standIns: readonly StandIn[], onProgress: (message: string) => void): Promise<RunningRehearsal> {
  const name = `rehearsal-${randomBytes(4).toString('hex')}`;
  const undo = createUndo();
  // Labelled as a compose project is: what removes those removes it.
  const removal = removalOf(name);
  const release = guardCommand(removal);
  undo.add(async () => {
    await runTool('sh', ['-c', removal]);
    release();
  });
  try {
    const files = await writeFiles(plan.stages.flatMap(({ pods }) => pods));
    undo.add(() => files.remove());
    return await start({ plan, files, standIns, onProgress, name, label: `com.docker.compose.project=${name}`, stop: () => undo.run() });
  } catch (error) {
    await undo.run();
    throw error;
  }
}

interface Begun {
  plan: Rehearsal;
  files: WrittenFiles;
  standIns: readonly StandIn[];
  onProgress: (message: string) => void;
  name: string;
  label: string;
  stop: () => Promise<void>;
}

async function start({ plan, files, standIns, onProgress, name, label, stop }: Begun): Promise<RunningRehearsal> {
  const sourceOf = (pod: PlannedPod, volume: string): string => `${name}-${pod.name.replace('/', '-')}-${volume}`;
  const beside = [`--label=${label}`, `--network=${name}`];
  await docker(['network', 'create', `--label=${label}`, name]);
  await fillVolumes(plan.stages.flatMap(({ pods }) => pods.flatMap((pod) => pod.volumes.map((volume) => ({ ...volume, source: sourceOf(pod, volume.name) })))), label);
  for (const { workload, names } of plan.replaced) await forward(beside, names, standIns.find((each) => each.workload === workload));
  const kubelet = await startKubelet(beside);

  async function run(pod: PlannedPod, container: PlannedContainer, role: Omit<Role, 'hostname'>): Promise<RunningContainer> {
    const args = runArguments(container, { hostname: pod.hostname, ...role }, { network: name, label, volumeOf: (volume) => sourceOf(pod, volume), fileOf: (volume, file) => files.pathOf(pod, volume, file) });
    const id = (await docker(args)).trim();
    return { id, host: id.slice(0, SHORT_ID), pod, plan: container };
  }

  async function runPod(pod: PlannedPod): Promise<RunningContainer> {
    for (const container of pod.initContainers) await untilEnded(await run(pod, container, { names: [], published: [] }));
    return run(pod, pod.container, { names: pod.names, published: publishedOf(pod, plan) });
  }

  const containers: RunningContainer[] = [];
  for (const { stage, pods } of plan.stages) {
    onProgress(`${stage}: ${pods.map((pod) => pod.name).join(', ')}`);
    if (stage === 'jobs') {
      for (const pod of pods) await untilEnded(await runPod(pod));
      continue;
    }
    const started: RunningContainer[] = [];
    for (const pod of pods) started.push(await runPod(pod));
    for (const container of started) await kubelet.untilReady(container);
    containers.push(...started);
  }
  return { containers, kubelet, stop, originOf: (host) => originOf(host, plan, containers) };
}

/** Resolves when a container has ended well. */
async function untilEnded(container: RunningContainer): Promise<void> {
  await docker(['wait', container.id], { timeoutMs: ENDS_WITHIN_MS });
  const { exitCode, wasKilledForMemory } = await inspect(container.id);
  if (exitCode !== 0 || wasKilledForMemory) throw await endOf(container);
}

async function forward(options: readonly string[], names: readonly string[], standIn: StandIn | undefined): Promise<void> {
  if (standIn === undefined) throw new TypeError('what is replaced needs somebody who stands in');
  await startNodeScript([...options, ...names.map((name) => `--network-alias=${name}`), '--add-host=host.docker.internal:host-gateway'], FORWARD, String(standIn.port), String(standIn.target));
}

function leadsTo({ service, namespace }: WayIn, { names }: PlannedPod): boolean {
  return names.includes(`${service}.${namespace}`);
}

/** Ports at which an Ingress lets people in. */
function publishedOf(pod: PlannedPod, { waysIn }: Rehearsal): number[] {
  return waysIn.filter((way) => leadsTo(way, pod)).map(({ port }) => port);
}

async function originOf(host: string, { waysIn }: Rehearsal, containers: readonly RunningContainer[]): Promise<string> {
  const way = waysIn.find((each) => each.host === host);
  const container = containers.find(({ pod }) => way !== undefined && leadsTo(way, pod));
  if (way === undefined || container === undefined) throw new Error(`no Ingress leads from ${host} to a pod`);
  return `http://${(await docker(['port', container.id, `${way.port}/tcp`])).trim()}`;
}
