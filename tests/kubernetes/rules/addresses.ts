import { parse } from 'yaml';
import { replicasOf } from '../../../deploy/k8s/demand.ts';
import type { Container, Labels, Manifest } from '../../../deploy/k8s/manifest.ts';
import { SECRETS } from '../secret-keys.ts';
import { chooses, ofKind, workloadsOf, type Workload } from '../workloads.ts';
import { ENGINES, allows, hasEngines, placeOf } from './flows.ts';

/** What a program is told to speak to. */
interface Address {
  from: Workload;
  /** A variable, a file of a ConfigMap, or its command. */
  where: string;
  host: string;
  port: number;
}

interface Text {
  where: string;
  text: string;
}

/** In URLs (`http://auth:8080`, `amqp://user:…@rabbitmq.doubleshot-engines:5672`), in quotes (`"logstash:5044"`), in lists, and behind an at sign (`0@kafka-0.kafka-brokers:9093`). */
const ADDRESS = /(?:\w+:\/\/(?:[^@/\s"']*@)?|["'@,])([a-z][a-z0-9.-]*):(\d+)\b/gi;
const IN_CLUSTER = '.svc.cluster.local';
/** Names of what may be left out, by who looks for it and does without. */
const MAY_BE_AWAY: Readonly<Record<string, RegExp>> = {
  [`${ENGINES}/grafana`]: /^(jaeger|elasticsearch)$/,
  [`${ENGINES}/prometheus`]: /^(monolith|gateway|auth|orders|notifications)-ops$/,
};

/** What programs are told to speak to: in their variables, commands and files, and in their secrets where the script of this repository makes them. */
export function addressesOf(objects: readonly Manifest[]): Address[] {
  return workloadsOf(objects).flatMap((from) => {
    const files = filesOf(objects, from);
    const named = [...from.containers.flatMap((container) => textsOf(objects, from, container)), ...files].flatMap(({ where, text }) =>
      [...text.matchAll(ADDRESS)].map(([, host = '', port]) => ({ from, where, host, port: Number(port) })));
    return [...named, ...files.flatMap(({ where, text }) => lookedUpIn(where, text).map(({ host, port }) => ({ from, where, host, port })))].filter(({ host }) => host !== 'localhost');
  });
}

function textsOf(objects: readonly Manifest[], { namespace, labels, object }: Workload, { command = [], args = [], env = [] }: Container): Text[] {
  const variables = env.map(({ name, value, valueFrom }) => {
    const reference = valueFrom?.configMapKeyRef;
    const setting = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata.name === reference?.name && metadata.namespace === namespace)?.data?.[reference?.key ?? ''];
    const secret = SECRETS.find(({ metadata }) => metadata.namespace === namespace && metadata.name === labels['app.kubernetes.io/name'])?.stringData[name.replace(/_FILE$/, '')];
    const text = (name.endsWith('_FILE') ? secret : (value ?? setting)) ?? '';
    return { where: name, text: text.replaceAll('$(POD_NAME)', `${object.metadata.name}-0`) };
  });
  return [...variables, ...[...command, ...args].map((text) => ({ where: 'its command', text }))];
}

/** What is mounted, with variables in the place of `${NAME:otherwise}`. */
function filesOf(objects: readonly Manifest[], { namespace, pod, containers }: Workload): Text[] {
  const variables = new Map(containers.flatMap(({ env = [] }) => env.map(({ name, value }) => [name, value] as const)));
  const names = (pod.volumes ?? []).flatMap(({ configMap, projected }) => [configMap?.name, ...(projected?.sources ?? []).map((source) => source.configMap?.name)]);
  return ofKind(objects, 'ConfigMap')
    .filter(({ metadata }) => metadata.namespace === namespace && names.includes(metadata.name))
    .flatMap(({ data = {} }) => Object.entries(data))
    .map(([where, text]) => ({ where, text: text.replaceAll(/\$\{(\w+):([^}]*)\}/g, (_, name: string, otherwise: string) => variables.get(name) ?? otherwise) }));
}

/** Names that Prometheus looks up, and the port at which it then asks. */
function lookedUpIn(file: string, text: string): { host: string; port: number }[] {
  if (file !== 'prometheus.yml') return [];
  const found: { host: string; port: number }[] = [];
  JSON.stringify(parse(text), (key, value: unknown) => {
    if (key === 'dns_sd_configs') for (const { names, port } of value as { names: string[]; port: number }[]) found.push(...names.map((host) => ({ host, port })));
    return value;
  });
  return found;
}

/** `auth`, `auth.doubleshot-micro`, and `kafka-0.kafka-brokers.doubleshot-engines` for one pod of several. */
function readHost(host: string, near: string): { pod?: string | undefined; service: string; namespace: string } {
  const parts = host.replace(IN_CLUSTER, '').split('.');
  const [pod] = parts.length > 2 ? parts.splice(0, 1) : [];
  const [service = '', namespace = near] = parts;
  return { pod, service, namespace };
}

function podsOf(objects: readonly Manifest[], { object }: Workload): string[] {
  return Array.from({ length: replicasOf(object, objects) }, (_, index) => `${object.metadata.name}-${index}`);
}

/** Why an address leads nowhere, or is not let pass at one of both ends. */
export function faultsOfAddress(objects: readonly Manifest[], { from, where, host, port }: Address): string[] {
  const { pod, service, namespace } = readHost(host, from.namespace);
  const spec = ofKind(objects, 'Service').find(({ metadata }) => metadata.namespace === namespace && metadata.name === service)?.spec;
  const isElsewhere = namespace === ENGINES && !hasEngines(objects);
  if (spec === undefined && (isElsewhere || MAY_BE_AWAY[from.name]?.test(service) === true)) return [];
  const behind = workloadsOf(objects).filter((workload) => workload.namespace === namespace && chooses({ matchLabels: (spec?.selector ?? {}) as Labels }, workload.labels));
  const isThere = spec?.ports?.some((each) => each.port === port) === true && (pod === undefined || behind.some((workload) => podsOf(objects, workload).includes(pod)));
  if (!isThere) return [`${from.name}: ${where} names ${host}:${port}, which is no Service`];
  return behind
    .map(placeOf)
    .filter((to) => !allows(objects, 'egress', { of: placeOf(from), other: to, port }) || !allows(objects, 'ingress', { of: to, other: placeOf(from), port }))
    .map(() => `${from.name} may not reach ${host}:${port}, which ${where} names`);
}
