import type { Flow, Labels, Manifest, Peer } from '../../../deploy/k8s/manifest.ts';
import { chooses, ofKind, workloadsOf, type Workload } from '../workloads.ts';

/** Where something runs that policies speak of. */
export interface Place {
  namespace: string;
  labels: Labels;
  /** At which it listens; nothing when nobody here knows. */
  ports?: readonly number[];
}

/** Where engines are, and what looks at them; those of others, too. */
export const ENGINES = 'doubleshot-engines';

/** Pods of others, by the namespace they are in. */
export const OTHERS: Readonly<Record<string, Omit<Place, 'namespace'>>> = {
  'kube-system': { labels: { 'k8s-app': 'kube-dns' }, ports: [53] },
  'nginx-ingress': { labels: { app: 'nginx-ingress' } },
  'nginx-gateway': { labels: {} },
};

export function placeOf({ namespace, labels, pod }: Workload): Place {
  return { namespace, labels, ports: pod.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort)) };
}

/** Whether engines are among the objects, and not somebody else's. */
export function hasEngines(objects: readonly Manifest[]): boolean {
  return workloadsOf(objects).some(({ namespace, labels }) => namespace === ENGINES && labels['app.kubernetes.io/component'] === 'engine');
}

export function placesOf(objects: readonly Manifest[]): Place[] {
  const others = Object.entries(OTHERS).map(([namespace, place]) => ({ namespace, ...place }));
  return [...workloadsOf(objects).map(placeOf), ...others, ...(hasEngines(objects) ? [] : [{ namespace: ENGINES, labels: {} }])];
}

export function isPeer(objects: readonly Manifest[], { podSelector = {}, namespaceSelector, ipBlock }: Peer, { from, place }: { from: string; place: Place }): boolean {
  if (ipBlock !== undefined) return false;
  const near = namespaceSelector === undefined ? place.namespace === from : chooses(namespaceSelector, labelsOfNamespace(objects, place.namespace));
  return near && chooses(podSelector, place.labels);
}

/** Labels of a namespace: its own, and the one that every cluster adds. */
function labelsOfNamespace(objects: readonly Manifest[], namespace: string): Labels {
  const labels = ofKind(objects, 'Namespace').find(({ metadata }) => metadata.name === namespace)?.metadata.labels;
  return { ...labels, 'kubernetes.io/metadata.name': namespace };
}

export const flowsOf = (policy: Manifest): { flow: Flow; peers: readonly Peer[] }[] =>
  [...(policy.spec?.ingress ?? []), ...(policy.spec?.egress ?? [])].map((flow) => ({ flow, peers: flow.from ?? flow.to ?? [] }));

/** Whether some policy of `of` lets `way` pass to or from `other` at a port; a pod that no policy chooses is open. */
export function allows(objects: readonly Manifest[], way: 'ingress' | 'egress', { of, other, port }: { of: Place; other: Place; port: number }): boolean {
  const type = way === 'ingress' ? 'Ingress' : 'Egress';
  const policies = ofKind(objects, 'NetworkPolicy').filter(({ metadata, spec }) => metadata.namespace === of.namespace && spec?.policyTypes?.includes(type) === true && chooses(spec.podSelector ?? {}, of.labels));
  return policies.length === 0 || policies.some(({ spec }) => (spec?.[way] ?? []).some(({ from, to, ports = [] }) =>
    ports.some((each) => each.port === port) && (from ?? to ?? []).some((peer) => isPeer(objects, peer, { from: of.namespace, place: other }))));
}
