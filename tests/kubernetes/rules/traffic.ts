import type { Flow, Labels, Manifest, Peer } from '../../../deploy/k8s/manifest.ts';
import { SECRETS } from '../secret-keys.ts';
import { chooses, ofKind, workloadsOf, type Workload } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** Pods of others, by the namespace they are in. */
const OTHERS: Readonly<Record<string, readonly Labels[]>> = {
  'kube-system': [{ 'k8s-app': 'kube-dns' }],
  'nginx-ingress': [{ app: 'nginx-ingress' }],
  'nginx-gateway': [{}],
};
/** Where engines are that others run. */
const ENGINES = 'doubleshot-engines';
/** `http://auth:8080`, `kafka://kafka.doubleshot-engines:9092`, `postgres://orders:…@postgres.doubleshot-engines:5432/orders`. */
const ADDRESS = /^[a-z]+:\/\/(?:[^@/]*@)?([a-z-]+)(?:\.([a-z-]+))?:(\d+)/;

interface Place {
  namespace: string;
  labels: Labels;
  ports?: readonly number[];
}

function placeOf({ namespace, labels, pod }: Workload): Place {
  return { namespace, labels, ports: pod.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort)) };
}

/** Labels of a namespace: its own, and the one that every cluster adds. */
function labelsOfNamespace(objects: readonly Manifest[], namespace: string): Labels {
  const labels = ofKind(objects, 'Namespace').find(({ metadata }) => metadata.name === namespace)?.metadata.labels;
  return { ...labels, 'kubernetes.io/metadata.name': namespace };
}

function isPeer(objects: readonly Manifest[], { podSelector = {}, namespaceSelector }: Peer, { from, place }: { from: string; place: Place }): boolean {
  const near = namespaceSelector === undefined ? place.namespace === from : chooses(namespaceSelector, labelsOfNamespace(objects, place.namespace));
  return near && chooses(podSelector, place.labels);
}

function placesOf(objects: readonly Manifest[]): Place[] {
  const others = Object.entries(OTHERS).flatMap(([namespace, pods]) => pods.map((labels) => ({ namespace, labels })));
  const hasEngines = ofKind(objects, 'Namespace').some(({ metadata }) => metadata.name === ENGINES);
  return [...workloadsOf(objects).map(placeOf), ...others, ...(hasEngines ? [] : [{ namespace: ENGINES, labels: {} }])];
}

const flowsOf = (policy: Manifest): { flow: Flow; peers: readonly Peer[] }[] =>
  [...(policy.spec?.ingress ?? []), ...(policy.spec?.egress ?? [])].map((flow) => ({ flow, peers: flow.from ?? flow.to ?? [] }));

/** Whether some policy of `of` lets `way` pass to or from `other` at a port; a pod that no policy chooses is open. */
function allows(objects: readonly Manifest[], way: 'ingress' | 'egress', { of, other, port }: { of: Place; other: Place; port: number }): boolean {
  const type = way === 'ingress' ? 'Ingress' : 'Egress';
  const policies = ofKind(objects, 'NetworkPolicy').filter(({ metadata, spec }) => metadata.namespace === of.namespace && spec?.policyTypes?.includes(type) === true && chooses(spec.podSelector ?? {}, of.labels));
  return policies.length === 0 || policies.some(({ spec }) => (spec?.[way] ?? []).some(({ from, to, ports = [] }) =>
    ports.some((each) => each.port === port) && (from ?? to ?? []).some((peer) => isPeer(objects, peer, { from: of.namespace, place: other }))));
}

interface Address {
  from: Workload;
  variable: string;
  url: string;
}

/** What a process is told to speak to: in its variables, in its settings, and in its secrets where the script of this repository makes them. */
function addressesOf(objects: readonly Manifest[]): Address[] {
  return workloadsOf(objects).flatMap((from) =>
    from.containers.flatMap(({ env = [] }) =>
      env.flatMap(({ name, value, valueFrom }) => {
        const reference = valueFrom?.configMapKeyRef;
        const setting = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name === reference?.name && metadata.namespace === from.namespace)?.data?.[reference?.key ?? ''];
        const secret = SECRETS.find(({ metadata }) => metadata.namespace === from.namespace && metadata.name === from.labels['app.kubernetes.io/name'])?.stringData[name.replace(/_FILE$/, '')];
        const url = name.endsWith('_FILE') ? secret : (value ?? setting);
        return url !== undefined && ADDRESS.test(url) ? [{ from, variable: name, url }] : [];
      })));
}

function faultOfAddress(objects: readonly Manifest[], { from, variable, url }: Address): string[] {
  const [, host, namespace = from.namespace, port] = ADDRESS.exec(url) ?? [];
  const hasEngines = ofKind(objects, 'Namespace').some(({ metadata }) => metadata.name === ENGINES);
  if (namespace === ENGINES && !hasEngines) return [];
  const service = ofKind(objects, 'Service').find(({ metadata }) => metadata.name === host && metadata.namespace === namespace);
  if (service?.spec?.ports?.some((each) => each.port === Number(port)) !== true) return [`${from.name}: ${variable} names ${host ?? ''}:${port ?? ''}, which is no Service`];
  return workloadsOf(objects)
    .filter((workload) => workload.namespace === namespace && chooses({ matchLabels: service.spec?.selector as Labels }, workload.labels))
    .map(placeOf)
    .filter((to) => !allows(objects, 'egress', { of: placeOf(from), other: to, port: Number(port) }) || !allows(objects, 'ingress', { of: to, other: placeOf(from), port: Number(port) }))
    .map(() => `${from.name} may not reach ${host ?? ''}:${port ?? ''}, which ${variable} names`);
}

export const TRAFFIC_RULES: readonly Rule[] = [
  {
    name: 'every policy is for pods that there are, and names peers that there are',
    faults: (objects) =>
      ofKind(objects, 'NetworkPolicy').flatMap((policy) => {
        const { name, namespace = '' } = policy.metadata;
        const own = placesOf(objects).some((place) => place.namespace === namespace && chooses(policy.spec?.podSelector ?? {}, place.labels));
        const strangers = flowsOf(policy).flatMap(({ peers }) => peers).filter((peer) => peer.ipBlock === undefined && !placesOf(objects).some((place) => isPeer(objects, peer, { from: namespace, place })));
        return [...(own ? [] : [`${namespace}/${name} is for nobody`]), ...strangers.map((peer) => `${namespace}/${name} names a peer that there is not: ${JSON.stringify(peer)}`)];
      }),
  },
  {
    name: 'every port that a policy opens is one that somebody listens at',
    faults: (objects) =>
      ofKind(objects, 'NetworkPolicy').flatMap(({ metadata: { name, namespace = '' }, spec }) => {
        const listening = placesOf(objects).filter((place) => place.namespace === namespace && chooses(spec?.podSelector ?? {}, place.labels)).flatMap(({ ports = [] }) => ports);
        return (spec?.ingress ?? []).flatMap(({ ports = [] }) => ports).filter(({ port }) => !listening.includes(port)).map(({ port }) => `${namespace}/${name} opens ${port}`);
      }),
  },
  {
    name: 'whatever a process is told to speak to is a Service, and policies at both ends let it pass',
    faults: (objects) => addressesOf(objects).flatMap((address) => faultOfAddress(objects, address)),
  },
  {
    name: 'the way in is open to the ingress controller or the Gateway, and to nobody who is not named',
    faults: (objects) => {
      const entries = workloadsOf(objects).filter(({ isProcess, object: { metadata: { name } } }) => isProcess && ['gateway', 'monolith'].includes(name)).map(placeOf);
      const controller = ofKind(objects, 'Ingress').length > 0 ? 'nginx-ingress' : 'nginx-gateway';
      const outside = (namespace: string, labels: Labels = {}): Place => ({ namespace, labels });
      return entries.flatMap((entry) => [
        ...(allows(objects, 'ingress', { of: entry, other: outside(controller, OTHERS[controller]?.[0]), port: 8080 }) ? [] : [`${entry.namespace} is closed`]),
        ...(allows(objects, 'ingress', { of: entry, other: outside('default'), port: 8080 }) || allows(objects, 'ingress', { of: entry, other: outside(controller, OTHERS[controller]?.[0]), port: 9090 }) ? [`${entry.namespace} is open`] : []),
      ]);
    },
  },
  {
    name: 'Prometheus may reach every process at its ops port, under the names that it looks up',
    faults: (objects) => {
      const prometheus = workloadsOf(objects).find(({ name }) => name === `${ENGINES}/prometheus`);
      if (prometheus === undefined) return [];
      const text = ofKind(objects, 'ConfigMap').flatMap(({ data = {} }) => data['prometheus.yml'] ?? []).join();
      return workloadsOf(objects).filter(({ isProcess }) => isProcess).flatMap((workload) => {
        const scraped = text.includes(`${workload.labels['app.kubernetes.io/name'] ?? ''}-ops.${workload.namespace}.svc.cluster.local\n`);
        const passes = allows(objects, 'egress', { of: placeOf(prometheus), other: placeOf(workload), port: 9090 }) && allows(objects, 'ingress', { of: placeOf(workload), other: placeOf(prometheus), port: 9090 });
        return scraped && passes ? [] : [`${workload.name} is not scraped`];
      });
    },
  },
];

