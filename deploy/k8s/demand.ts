import type { Container, Manifest, PodSpec } from './manifest.ts';
import { cpuMillis, mebibytes } from './quantity.ts';

/** What a set of objects asks a cluster for. */
export interface Demand {
  /** That stay; of a DaemonSet one. */
  pods: number;
  /** That run once and end: beside their own limits none of their resources is counted in. */
  jobs: number;
  cpuRequestMillis: number;
  memoryRequestMiB: number;
  memoryLimitMiB: number;
  /** On top, until the Jobs have ended. */
  jobMemoryLimitMiB: number;
  volumesMiB: number;
}

const LASTING: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** Adds up what the objects ask for, with as many replicas as they begin with. */
export function demandOf(objects: readonly Manifest[]): Demand {
  const demand: Demand = { pods: 0, jobs: objects.filter(({ kind }) => kind === 'Job').length, cpuRequestMillis: 0, memoryRequestMiB: 0, memoryLimitMiB: 0, jobMemoryLimitMiB: 0, volumesMiB: 0 };
  for (const object of objects) {
    const pod = object.spec?.template?.spec;
    if (pod === undefined) continue;
    if (!LASTING.includes(object.kind)) {
      demand.jobMemoryLimitMiB += limitOf(pod);
      continue;
    }
    const replicas = replicasOf(object, objects);
    demand.pods += replicas;
    demand.cpuRequestMillis += replicas * ofPod(pod, ({ resources }) => cpuMillis(resources?.requests?.['cpu']));
    demand.memoryRequestMiB += replicas * ofPod(pod, ({ resources }) => mebibytes(resources?.requests?.['memory']));
    demand.memoryLimitMiB += replicas * limitOf(pod);
    for (const claim of object.spec?.volumeClaimTemplates ?? []) demand.volumesMiB += replicas * mebibytes(claim.spec.resources.requests.storage);
  }
  return demand;
}

/** The replicas that a workload has at least. */
export function replicasOf(workload: Manifest, objects: readonly Manifest[]): number {
  const scaler = objects.find((object) => scales(object, workload));
  return workload.spec?.replicas ?? scaler?.spec?.minReplicas ?? 1;
}

/** Whether one is the autoscaler of the other. */
export function scales({ kind, metadata, spec }: Manifest, workload: Manifest): boolean {
  return kind === 'HorizontalPodAutoscaler' && metadata.namespace === workload.metadata.namespace && spec?.scaleTargetRef?.kind === workload.kind && spec.scaleTargetRef.name === workload.metadata.name;
}

function limitOf(pod: PodSpec): number {
  return ofPod(pod, ({ resources }) => mebibytes(resources?.limits?.['memory']));
}

// Init containers run one by one, before the others.
function ofPod({ containers, initContainers = [] }: PodSpec, amount: (container: Container) => number): number {
  return Math.max(containers.reduce((sum, container) => sum + amount(container), 0), ...initContainers.map(amount));
}
