import type { Container, LabelSelector, Labels, Manifest, PodSpec } from '../../deploy/k8s/manifest.ts';

/** An object that makes pods. */
export interface Workload {
  object: Manifest;
  /** For messages: its namespace and name. */
  name: string;
  namespace: string;
  labels: Labels;
  pod: PodSpec;
  /** All of them, init containers too. */
  containers: readonly Container[];
  /** It runs a program of Doubleshot that answers requests. */
  isProcess: boolean;
  /** It ends by itself. */
  isJob: boolean;
}

export function workloadsOf(objects: readonly Manifest[]): Workload[] {
  return objects.flatMap((object) => {
    const { kind, metadata, spec: { template } = {} } = object;
    if (template === undefined) return [];
    const { metadata: { labels = {} }, spec: pod } = template;
    const namespace = metadata.namespace ?? '';
    const isProcess = labels['app.kubernetes.io/component'] === 'process';
    return [{ object, name: `${namespace}/${metadata.name}`, namespace, labels, pod, containers: [...(pod.initContainers ?? []), ...pod.containers], isProcess, isJob: kind === 'Job' }];
  });
}

/** A fault of each container that has one. */
export function faultsOfContainers(objects: readonly Manifest[], faultOf: (container: Container, workload: Workload) => string | undefined): string[] {
  return workloadsOf(objects).flatMap((workload) => workload.containers.flatMap((container) => faultOf(container, workload) ?? []).map((fault) => `${workload.name}: ${fault}`));
}

export function ofKind(objects: readonly Manifest[], ...kinds: readonly string[]): Manifest[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

/** Whether labels are chosen; an empty selector chooses all. */
export function chooses({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== 'In') throw new Error(`the tests do not know the operator ${operator}`);
      return values.includes(labels[key] ?? '');
    })
  );
}
