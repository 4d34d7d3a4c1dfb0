import type { Labels, Manifest, Volume } from '../../../deploy/k8s/manifest.ts';
import { TOPICS } from '../../../libs/contracts/src/index.ts';
import { keysOfSecret } from '../secret-keys.ts';
import { chooses, ofKind, workloadsOf, type Workload } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** `orders.v1`, and no version of an API (`apps/v1`). */
const TOPIC = /\b[a-z]+\.v\d+\b/g;
const TOPIC_NAMES: readonly string[] = Object.values(TOPICS).map(({ name }) => name);

interface Source {
  kind: 'ConfigMap' | 'Secret';
  name: string;
  keys: readonly string[];
}

function sourcesOf({ secret, configMap, projected }: Volume): Source[] {
  const parts = projected?.sources ?? [{ ...(secret !== undefined && { secret: { ...secret, name: secret.secretName } }), ...(configMap !== undefined && { configMap }) }];
  return parts.flatMap((part) =>
    (['secret', 'configMap'] as const).flatMap((type): Source[] => {
      const source = part[type];
      return source === undefined ? [] : [{ kind: type === 'secret' ? 'Secret' : 'ConfigMap', name: source.name, keys: (source.items ?? []).map(({ key }) => key) }];
    }));
}

/** The keys that there are in what a pod names. */
function keysOf(objects: readonly Manifest[], namespace: string, { kind, name }: Pick<Source, 'kind' | 'name'>): readonly string[] | undefined {
  if (kind === 'Secret') return keysOfSecret(namespace, name);
  const map = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  return map === undefined ? undefined : Object.keys(map.data ?? {});
}

/** What the files of a mounted volume are called. */
function filesOf(objects: readonly Manifest[], namespace: string, volume: Volume): readonly string[] {
  return sourcesOf(volume).flatMap((source) => (source.keys.length > 0 ? source.keys : (keysOf(objects, namespace, source) ?? [])));
}

function faultsOfVolumes(objects: readonly Manifest[], { name, namespace, pod }: Workload): string[] {
  return (pod.volumes ?? []).flatMap(sourcesOf).flatMap((source) => {
    const keys = keysOf(objects, namespace, source);
    if (keys === undefined) return [`${name}: there is no ${source.kind} ${source.name}`];
    return source.keys.filter((key) => !keys.includes(key)).map((key) => `${name}: ${source.kind} ${source.name} has no ${key}`);
  });
}

function faultsOfMounts(objects: readonly Manifest[], { name, namespace, pod, object, containers }: Workload): string[] {
  const claims = (object.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  return containers.flatMap(({ volumeMounts = [] }) =>
    volumeMounts.flatMap((mount) => {
      const volume = (pod.volumes ?? []).find((each) => each.name === mount.name);
      if (volume === undefined) return claims.includes(mount.name) ? [] : [`${name}: there is no volume ${mount.name}`];
      return mount.subPath === undefined || filesOf(objects, namespace, volume).includes(mount.subPath) ? [] : [`${name}: ${mount.name} has no ${mount.subPath}`];
    }));
}

/** Files of secrets that a variable names: `DATABASE_URL_FILE=/run/secrets/doubleshot/DATABASE_URL`. */
function faultsOfFiles(objects: readonly Manifest[], { name, namespace, pod, containers }: Workload): string[] {
  return containers.flatMap(({ env = [], volumeMounts = [] }) =>
    env.flatMap(({ name: variable, value: path = '' }) => {
      if (!variable.endsWith('_FILE')) return [];
      const mount = volumeMounts.find(({ mountPath }) => path.startsWith(`${mountPath}/`));
      const volume = (pod.volumes ?? []).find((each) => each.name === mount?.name);
      const there = mount !== undefined && volume !== undefined && filesOf(objects, namespace, volume).includes(path.slice(mount.mountPath.length + 1));
      return there ? [] : [`${name}: ${variable} names ${path}, which is not mounted`];
    }));
}

function faultsOfVariables(objects: readonly Manifest[], { name, namespace, containers }: Workload): string[] {
  return containers.flatMap(({ env = [] }) =>
    env.flatMap(({ valueFrom }) => {
      const reference = valueFrom?.configMapKeyRef;
      return reference === undefined || keysOf(objects, namespace, { kind: 'ConfigMap', name: reference.name })?.includes(reference.key) === true ? [] : [`${name}: ${reference.name} has no ${reference.key}`];
    }));
}

function serviceIn(objects: readonly Manifest[], namespace: string | undefined, name: string): Manifest | undefined {
  return ofKind(objects, 'Service').find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
}

export const REFERENCE_RULES: readonly Rule[] = [
  { name: 'every volume takes a ConfigMap or Secret that there is, and keys that it has', faults: (objects) => workloadsOf(objects).flatMap((workload) => faultsOfVolumes(objects, workload)) },
  { name: 'every mount names a volume of its pod, and a file that it has', faults: (objects) => workloadsOf(objects).flatMap((workload) => faultsOfMounts(objects, workload)) },
  { name: 'every file that a variable names is mounted', faults: (objects) => workloadsOf(objects).flatMap((workload) => faultsOfFiles(objects, workload)) },
  { name: 'every variable takes a key that there is', faults: (objects) => workloadsOf(objects).flatMap((workload) => faultsOfVariables(objects, workload)) },
  {
    name: 'every ConfigMap is taken by a pod',
    faults: (objects) => {
      const taken = workloadsOf(objects).flatMap(({ namespace, pod, containers }) => [
        ...(pod.volumes ?? []).flatMap(sourcesOf).map(({ name }) => `${namespace}/${name}`),
        ...containers.flatMap(({ env = [] }) => env.map(({ valueFrom }) => `${namespace}/${valueFrom?.configMapKeyRef?.name ?? ''}`)),
      ]);
      return ofKind(objects, 'ConfigMap').filter(({ metadata: { namespace = '', name } }) => !taken.includes(`${namespace}/${name}`)).map(({ metadata }) => `nobody takes ${metadata.name}`);
    },
  },
  {
    name: 'every Service chooses one workload, none of its Jobs, and ports that it has',
    faults: (objects) =>
      ofKind(objects, 'Service').flatMap(({ metadata: { name, namespace }, spec }) => {
        const chosen = workloadsOf(objects).filter((workload) => workload.namespace === namespace && chooses({ matchLabels: (spec?.selector ?? {}) as Labels }, workload.labels));
        const ports = chosen.flatMap(({ pod }) => pod.containers.flatMap((container) => container.ports ?? []));
        const lacking = (spec?.ports ?? []).filter(({ targetPort }) => !ports.some((port) => port.name === targetPort || port.containerPort === targetPort));
        return chosen.length === 1 && !chosen.some(({ isJob }) => isJob) && lacking.length === 0 ? [] : [`Service ${name} chooses ${chosen.length} workloads and lacks ${lacking.length} ports`];
      }),
  },
  {
    name: 'nothing is reached from outside but through the ingress: no Service has a port of a node, a balancer or an address of its own',
    faults: (objects) => ofKind(objects, 'Service').filter(({ spec }) => (spec?.type ?? 'ClusterIP') !== 'ClusterIP' || spec?.externalIPs !== undefined).map(({ metadata }) => `Service ${metadata.name} is open to the outside`),
  },
  {
    name: 'every Ingress and Gateway is for the controller of F5, and is told things of it alone; nothing else has annotations',
    faults: (objects) => [
      ...ofKind(objects, 'Ingress', 'Gateway').filter(({ spec }) => (spec?.ingressClassName ?? spec?.gatewayClassName) !== 'nginx').map(({ kind, metadata }) => `${kind} ${metadata.name} is of no class, or another`),
      ...objects.flatMap(({ kind, metadata: { name, annotations = {} } }) => Object.keys(annotations).filter((key) => kind !== 'Ingress' || !key.startsWith('nginx.org/')).map((key) => `${kind} ${name} has ${key}`)),
    ],
  },
  {
    name: 'every topic that anything names is one that there is',
    faults: (objects) =>
      objects.flatMap((object) =>
        [...JSON.stringify(object).matchAll(TOPIC)].map(([topic]) => topic).filter((topic) => !TOPIC_NAMES.includes(topic)).map((topic) => `${object.kind} ${object.metadata.name} names ${topic}`)),
  },
  {
    name: 'every Ingress and HTTPRoute leads to a port of a Service, and every brew is reached by exactly one',
    faults: (objects) => {
      const routes = ofKind(objects, 'Ingress', 'HTTPRoute');
      const dangling = routes.flatMap(({ kind, metadata: { name, namespace }, spec }) =>
        (spec?.rules ?? []).flatMap(({ http, backendRefs = [] }) => [
          ...(http?.paths ?? []).map(({ backend: { service } }) => ({ service: service.name, port: service.port.name ?? service.port.number })),
          ...backendRefs.map((backend) => ({ service: backend.name, port: backend.port })),
        ]).filter(({ service, port }) => serviceIn(objects, namespace, service)?.spec?.ports?.some((each) => each.name === port || each.port === port) !== true)
          .map(({ service }) => `${kind} ${name} leads to ${service}`));
      const entries = workloadsOf(objects).filter(({ isProcess, object: { metadata: { name } } }) => isProcess && ['gateway', 'monolith'].includes(name));
      const unreached = entries.filter(({ namespace }) => routes.filter(({ metadata }) => metadata.namespace === namespace).length !== 1).map(({ name }) => `${name} is reached by none or by several`);
      return [...dangling, ...unreached];
    },
  },
  {
    name: 'every Ingress and HTTPRoute hands on every path, pages of problems among them',
    faults: (objects) =>
      ofKind(objects, 'Ingress', 'HTTPRoute').flatMap(({ kind, metadata: { name }, spec }) => {
        const rules = (spec?.rules ?? []).filter(({ http, backendRefs = [] }) => http !== undefined || backendRefs.length > 0);
        const partial = rules.filter(({ http, matches = [] }) => !(http?.paths ?? []).some(({ path, pathType }) => path === '/' && pathType === 'Prefix') && !matches.some(({ path }) => path?.value === '/' && path.type === 'PathPrefix'));
        return partial.map(({ host }) => `${kind} ${name} keeps paths of ${host ?? 'its hosts'} to itself`);
      }),
  },
];
