import { replicasOf, scales } from '../../../deploy/k8s/demand.ts';
import type { Container, Manifest } from '../../../deploy/k8s/manifest.ts';
import { mebibytes } from '../../../deploy/k8s/quantity.ts';
import { COMMON_SETTINGS } from '../../../libs/shared/src/runtime/index.ts';
import { faultsOfContainers, workloadsOf, type Workload } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** How a program is told what it may take, with the share of the limit that leaves room for what it takes besides. */
const HEAPS: Readonly<Record<string, readonly [pattern: RegExp, share: number]>> = {
  NODE_OPTIONS: [/--max-old-space-size=(\d+)\b/, 0.65],
  ES_JAVA_OPTS: [/-Xmx(\d+)m\b/, 0.65],
  LS_JAVA_OPTS: [/-Xmx(\d+)m\b/, 0.65],
  KAFKA_HEAP_OPTS: [/-Xmx(\d+)m\b/, 0.65],
  GOMEMLIMIT: [/^(\d+)MiB$/, 0.9],
};
/** A cache, what is for looking at alone, and what others keep for them. */
const KEEPS_NOTHING = ['redis', 'mailpit', 'otel-collector', 'jaeger', 'grafana', 'kibana', 'logstash'];
/** `superuser_reserved_connections`, unless told. */
const RESERVED_CONNECTIONS = 3;
/** Above what was measured of PostgreSQL 18 with statements like those of the shop: 30 MiB, and 2.3 MiB for each connection that was used. */
const SERVER_MIB = 40;
const CONNECTION_MIB = 2.5;
const NEEDS_HEAP = /^([^:]*\/)?(doubleshot\/\w+|node|kafka|elasticsearch|logstash|kibana)(:|$)/;

/** What the container's program is told, in MiB, and the most that it should be told. */
function heapsOf({ env = [], resources }: Container): { heap: number; most: number }[] {
  return env.flatMap(({ name, value = '' }) => {
    const [pattern, share] = HEAPS[name] ?? [];
    const found = pattern?.exec(value)?.[1];
    return found === undefined || share === undefined ? [] : [{ heap: Number(found), most: mebibytes(resources?.limits?.['memory']) * share }];
  });
}

/** How many connections to its database a workload may have at once. */
function connectionsOf(objects: readonly Manifest[], { object, isJob, pod }: Workload): number {
  const env = pod.containers.flatMap((container) => container.env ?? []);
  if (!env.some(({ name }) => name === 'DATABASE_URL_FILE')) return 0;
  if (isJob) return 1;
  const replicas = objects.find((each) => scales(each, object))?.spec?.maxReplicas ?? replicasOf(object, objects);
  const pool = COMMON_SETTINGS.DATABASE_POOL_SIZE.parse(env.find(({ name }) => name === 'DATABASE_POOL_SIZE')?.value);
  return (replicas + Number(object.spec?.strategy?.rollingUpdate?.maxSurge ?? 0)) * pool;
}

export const RESOURCE_RULES: readonly Rule[] = [
  {
    name: 'PostgreSQL has connections for as many replicas as there may be, also while they are replaced, and memory for those',
    faults: (objects) => {
      const server = objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'postgres')?.spec?.template?.spec.containers[0];
      if (server === undefined) return [];
      const most = Number(/max_connections=(\d+)/.exec(server.args?.join(' ') ?? '')?.[1]) - RESERVED_CONNECTIONS;
      const asked = workloadsOf(objects).reduce((sum, workload) => sum + connectionsOf(objects, workload), 0);
      const needed = SERVER_MIB + asked * CONNECTION_MIB;
      return [
        ...(asked <= most ? [] : [`${asked} connections are more than ${most}`]),
        ...(needed <= mebibytes(server.resources?.limits?.['memory']) ? [] : [`${asked} connections need ${needed} MiB`]),
      ];
    },
  },
  {
    name: 'every container requests CPU and memory, and has a limit of memory that is no less',
    faults: (objects) =>
      faultsOfContainers(objects, ({ name, resources: { requests = {}, limits = {} } = {} }) =>
        requests['cpu'] !== undefined && requests['memory'] !== undefined && limits['memory'] !== undefined && mebibytes(requests['memory']) <= mebibytes(limits['memory']) ? undefined : `${name} lacks a request or the limit`),
  },
  {
    name: 'no container is held back at CPU that nobody uses',
    faults: (objects) => faultsOfContainers(objects, ({ name, resources }) => (resources?.limits?.['cpu'] === undefined ? undefined : `${name} has a limit of CPU`)),
  },
  {
    name: 'Node and the JVM are told how much of the limit is for their heap, with room beside it',
    faults: (objects) =>
      faultsOfContainers(objects, (container) => {
        const heaps = heapsOf(container);
        if (heaps.length === 0) return NEEDS_HEAP.test(container.image) ? `${container.name} sets no heap` : undefined;
        return heaps.every(({ heap, most }) => heap <= most) ? undefined : `${container.name}: a heap of ${heaps.map(({ heap }) => heap).join()} MiB does not fit its limit`;
      }),
  },
  {
    name: 'Kafka keeps no log of its collector, which would outgrow its volume',
    faults: (objects) =>
      faultsOfContainers(objects, ({ image, env = [] }) => {
        const options = env.find(({ name }) => name === 'KAFKA_GC_LOG_OPTS')?.value ?? '';
        return !/(^|\/)kafka(:|$)/.test(image) || (options !== '' && !options.includes('file=')) ? undefined : 'ten files of 100 MB';
      }),
  },
  {
    name: 'what is written into a pod has a limit',
    faults: (objects) =>
      workloadsOf(objects).flatMap(({ name, pod }) => (pod.volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined && !('sizeLimit' in emptyDir)).map((volume) => `${name}: ${volume.name} has no sizeLimit`)),
  },
  {
    name: 'an engine is a StatefulSet with a volume that it mounts, and its Service, but for those that keep nothing',
    faults: (objects) =>
      workloadsOf(objects)
        .filter(({ namespace, isJob, object: { kind, metadata } }) => kind === 'StatefulSet' || (namespace === 'doubleshot-engines' && !isJob && !KEEPS_NOTHING.includes(metadata.name)))
        .filter(({ namespace, containers, object: { kind, spec } }) => {
          const claims = (spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
          const isMounted = containers.some(({ volumeMounts = [] }) => volumeMounts.some((mount) => claims.includes(mount.name)));
          const hasService = objects.some((each) => each.kind === 'Service' && each.metadata.namespace === namespace && each.metadata.name === spec?.serviceName);
          return kind !== 'StatefulSet' || !isMounted || !hasService;
        })
        .map(({ name }) => `${name} has no volume or no Service`),
  },
];
