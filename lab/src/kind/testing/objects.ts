import type { ClusterObject, ContainerStatus } from '../workload.ts';

/** Objects as the cluster tells of them. */
export function deployment(name: string, namespace: string, available = 1, replicas = 1): ClusterObject {
  return { kind: 'Deployment', metadata: { name, namespace, generation: 2 }, spec: { replicas }, status: { observedGeneration: 2, replicas, updatedReplicas: replicas, availableReplicas: available } };
}

export function job(name: string, namespace: string, condition?: 'Complete' | 'Failed'): ClusterObject {
  return { kind: 'Job', metadata: { name, namespace }, status: { conditions: condition === undefined ? [] : [{ type: condition, status: 'True' }] } };
}

export function pod(name: string, namespace: string, { phase = 'Running', container = {}, conditions = [] }: { phase?: string; container?: Partial<ContainerStatus>; conditions?: NonNullable<ClusterObject['status']>['conditions'] } = {}): ClusterObject {
  return { kind: 'Pod', metadata: { name, namespace }, status: { phase, conditions, containerStatuses: [{ name: 'process', ready: false, restartCount: 0, ...container }] } };
}

export function listOf(...items: readonly ClusterObject[]): string {
  return JSON.stringify({ items });
}
