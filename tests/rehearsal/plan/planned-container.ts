import { mebibytes } from '../../../deploy/k8s/quantity.ts';
import { portOf } from './names.ts';
import type { ContainerTemplate, PodTemplate, ProbeTemplate } from './pod-schema.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';
import { expanded, variablesOf, type PodFacts } from './variables.ts';
import type { PlannedVolume } from './volumes.ts';

/** How the kubelet asks; a port is a number. */
export type PlannedProbe = { timeoutMs: number } & ({ kind: 'http'; port: number; path: string } | { kind: 'tcp'; port: number } | { kind: 'exec'; command: readonly string[] });

export const PROBES = ['startup', 'liveness', 'readiness'] as const;
export type ProbeName = (typeof PROBES)[number];

export interface PlannedContainer {
  /** For messages. */
  name: string;
  image: string;
  command: readonly string[] | undefined;
  args: readonly string[];
  variables: Readonly<Record<string, string>>;
  mounts: readonly { volume: string; path: string; file: string | undefined; isReadOnly: boolean }[];
  user: number | undefined;
  group: number | undefined;
  /** That it is in besides. */
  furtherGroup: number | undefined;
  memoryMiB: number;
  isReadOnly: boolean;
  mayGainPrivileges: boolean;
  dropped: readonly string[];
  added: readonly string[];
  stopTimeoutS: number;
  probes: Readonly<Partial<Record<ProbeName, PlannedProbe>>>;
}

interface Around {
  pod: PodFacts;
  spec: PodTemplate['spec'];
  settings: Settings;
  volumes: readonly PlannedVolume[];
}

export function planContainer(container: ContainerTemplate, { pod, spec, settings, volumes }: Around): PlannedContainer {
  const name = `${pod.namespace}/${pod.name}: ${container.name}`;
  const { runAsNonRoot, runAsUser, runAsGroup, fsGroup } = spec.securityContext;
  if (runAsNonRoot && runAsUser === 0) throw new Refusal(name, 'it is not to run as root, and its user is 0');
  const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = container.securityContext;
  const variables = variablesOf(container, pod, settings);
  const { startupProbe: startup, livenessProbe: liveness, readinessProbe: readiness } = container;
  const probes = Object.entries({ startup, liveness, readiness }).flatMap(([each, probe]) => (probe === undefined ? [] : [[each, planProbe(probe, container, `${name}: ${each}Probe`)]]));
  return {
    name,
    image: container.image,
    command: container.command?.map((word) => expanded(word, variables)),
    args: container.args.map((word) => expanded(word, variables)),
    variables,
    mounts: container.volumeMounts.map((mount) => planMount(mount, volumes, name)),
    user: runAsUser,
    group: runAsGroup,
    furtherGroup: fsGroup,
    memoryMiB: mebibytes(container.resources.limits.memory),
    isReadOnly: readOnlyRootFilesystem,
    mayGainPrivileges: allowPrivilegeEscalation,
    dropped: capabilities.drop,
    added: capabilities.add,
    stopTimeoutS: spec.terminationGracePeriodSeconds,
    probes: Object.fromEntries(probes) as PlannedContainer['probes'],
  };
}

const ANYBODY_READS = 0o004;

function planMount({ name, mountPath, subPath, readOnly }: ContainerTemplate['volumeMounts'][number], volumes: readonly PlannedVolume[], where: string): PlannedContainer['mounts'][number] {
  const volume = volumes.find((each) => each.name === name);
  if (volume === undefined) throw new Refusal(where, `it mounts ${name}, and its pod has no such volume`);
  if (subPath !== undefined) {
    const file = volume.files.find(({ path }) => path === subPath);
    if (file === undefined) throw new Refusal(where, `it mounts ${subPath}, and ${name} has no such file`);
    // It comes from this machine, where it belongs to whoever rehearses.
    if (!readOnly || (file.mode & ANYBODY_READS) === 0) throw new Refusal(where, `it mounts ${subPath} alone, which works for files that anybody reads and nobody writes`);
  }
  return { volume: name, path: mountPath, file: subPath, isReadOnly: readOnly };
}

const MS_PER_SECOND = 1_000;

function planProbe({ httpGet, tcpSocket, exec, timeoutSeconds }: ProbeTemplate, container: ContainerTemplate, where: string): PlannedProbe {
  const timeoutMs = timeoutSeconds * MS_PER_SECOND;
  const numbered = (port: string | number): number => {
    const found = portOf(container, port);
    if (found === undefined) throw new Refusal(where, `the container has no port ${port}`);
    return found;
  };
  if (httpGet !== undefined) return { kind: 'http', timeoutMs, port: numbered(httpGet.port), path: httpGet.path };
  if (tcpSocket !== undefined) return { kind: 'tcp', timeoutMs, port: numbered(tcpSocket.port) };
  if (exec !== undefined) return { kind: 'exec', timeoutMs, command: exec.command };
  throw new Refusal(where, 'it asks neither by HTTP nor by TCP nor by a command');
}
