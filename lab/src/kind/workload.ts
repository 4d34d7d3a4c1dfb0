/** What is read of an object of the cluster; there is more in it. */
export interface ClusterObject {
  kind: string;
  metadata: { name: string; namespace: string; generation?: number };
  spec?: { replicas?: number };
  status?: WorkloadStatus & PodStatus;
}

interface WorkloadStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  desiredNumberScheduled?: number;
  updatedNumberScheduled?: number;
  numberReady?: number;
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
}

interface PodStatus {
  phase?: string;
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
}

export interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  state?: { waiting?: { reason?: string; message?: string }; terminated?: Termination };
  lastState?: { terminated?: Termination };
}

interface Termination {
  reason?: string;
  exitCode: number;
}

/** Whether a workload has come up as it was last described, and every replica of it; for a Job, whether it is done. What is no workload is no question. */
export function isUp({ kind, metadata, spec, status = {} }: ClusterObject): boolean {
  const { replicas = 1 } = spec ?? {};
  const isSeen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  switch (kind) {
    case 'Deployment':
      return isSeen && (status.updatedReplicas ?? 0) >= replicas && (status.availableReplicas ?? 0) >= replicas && (status.replicas ?? 0) <= replicas;
    case 'StatefulSet':
      return isSeen && (status.readyReplicas ?? 0) >= replicas && (status.updatedReplicas ?? 0) >= replicas;
    case 'DaemonSet':
      return isSeen && (status.desiredNumberScheduled ?? 0) > 0 && (status.numberReady ?? 0) >= (status.desiredNumberScheduled ?? 0) && (status.updatedNumberScheduled ?? 0) >= (status.desiredNumberScheduled ?? 0);
    case 'Job':
      return hasCondition(status, 'Complete');
    default:
      return true;
  }
}

/** A Job that has used up its tries comes up no more. */
export function hasFailed({ kind, status = {} }: ClusterObject): boolean {
  return kind === 'Job' && hasCondition(status, 'Failed');
}

/** Why the cluster makes no pod of a Deployment: Pod Security, a quota. Other workloads say so in events alone. */
export function refusalOf({ status = {} }: ClusterObject): string | undefined {
  const refused = status.conditions?.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True');
  return refused === undefined ? undefined : (refused.message ?? refused.reason ?? 'its pods are refused');
}

/** Whether there is a pod of a workload among the objects, in whatever state. */
export function hasPod({ metadata: { namespace, name } }: ClusterObject, objects: readonly ClusterObject[]): boolean {
  return objects.some(({ kind, metadata }) => kind === 'Pod' && metadata.namespace === namespace && metadata.name.startsWith(`${name}-`));
}

export function nameOf({ metadata: { namespace, name } }: Pick<ClusterObject, 'metadata'>): string {
  return `${namespace}/${name}`;
}

function hasCondition({ conditions = [] }: WorkloadStatus, type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}
