import { replicasOf, scales } from '../../../deploy/k8s/demand.ts';
import type { LabelSelector, Manifest, ScalingRules } from '../../../deploy/k8s/manifest.ts';
import { BREWING_QUEUES, NOTIFICATION_QUEUES } from '../../../libs/contracts/src/index.ts';
import { chooses, ofKind, workloadsOf, type Workload } from '../workloads.ts';
import type { Rule } from './rule.ts';

const QUEUES = [...BREWING_QUEUES, ...NOTIFICATION_QUEUES].map(({ name }) => name);
/** As `doubleshot_queue_depth` has them. */
const STATES = ['ready', 'retrying', 'dead'];
/** How long a burst may pause before replicas go. */
const LEAST_WINDOW_S = 60;
const SPREAD_OVER = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'];

/** A few pods at a time, after a while. */
function isSlow({ stabilizationWindowSeconds = 0, policies = [] }: ScalingRules): boolean {
  return stabilizationWindowSeconds >= LEAST_WINDOW_S && policies.length > 0 && policies.every(({ type, value, periodSeconds }) => type === 'Pods' && value === 1 && periodSeconds >= LEAST_WINDOW_S);
}

function covers({ metadata, spec }: Manifest, { namespace, labels }: Workload): boolean {
  return namespace === metadata.namespace && chooses(spec?.selector as LabelSelector, labels);
}

export const SCALING_RULES: readonly Rule[] = [
  {
    name: 'replicas are counted by one: by an autoscaler, or in the manifest',
    faults: (objects) => {
      const scalers = ofKind(objects, 'HorizontalPodAutoscaler');
      return [
        ...scalers.filter((scaler) => !objects.some((object) => scales(scaler, object))).map(({ metadata }) => `${metadata.name} scales nothing`),
        ...workloadsOf(objects).flatMap(({ object, name, isProcess }) => {
          const count = scalers.filter((scaler) => scales(scaler, object)).length + Number(object.spec?.replicas !== undefined);
          // An autoscaler that goes leaves as many as it had where no manifest says how many there are.
          return count > 1 || (isProcess && count === 0) ? [`${name}: replicas are counted by ${count}`] : [];
        }),
      ];
    },
  },
  {
    name: 'an autoscaler looks at CPU, and takes away slowly',
    faults: (objects) =>
      ofKind(objects, 'HorizontalPodAutoscaler')
        .filter(({ apiVersion, spec = {} }) => apiVersion !== 'autoscaling/v2' || !isSlow(spec.behavior?.scaleDown ?? {}) || !(spec.metrics ?? []).some(({ resource }) => resource?.name === 'cpu') || (spec.minReplicas ?? 1) >= (spec.maxReplicas ?? 0))
        .map(({ metadata }) => `${metadata.name} lacks CPU, a slow scaleDown or room`),
  },
  {
    name: 'a queue that an autoscaler looks at is one that there is, in a state that there is',
    faults: (objects) =>
      ofKind(objects, 'HorizontalPodAutoscaler').flatMap(({ metadata, spec }) =>
        (spec?.metrics ?? []).flatMap(({ external }) => {
          if (external === undefined) return [];
          const { matchLabels = {}, matchExpressions = [] } = external.metric.selector ?? {};
          const chosen = [...Object.entries(matchLabels).map(([key, value]) => ({ key, values: [value] })), ...matchExpressions];
          const valuesOf = (label: string): string[] => chosen.flatMap(({ key, values = [] }) => (key === label ? values : []));
          const [queues, states] = [valuesOf('queue'), valuesOf('state')];
          const strange = [...queues.filter((queue) => !QUEUES.includes(queue)), ...states.filter((state) => !STATES.includes(state)), ...chosen.map(({ key }) => key).filter((key) => !['queue', 'state'].includes(key))];
          return external.metric.name === 'doubleshot_queue_depth' && queues.length > 0 && states.length === 1 && strange.length === 0 ? [] : [`${metadata.name} looks at ${JSON.stringify(external.metric)}`];
        })),
  },
  {
    name: 'what has several replicas has a budget, and nothing else has one',
    faults: (objects) => {
      const workloads = workloadsOf(objects).filter(({ isJob }) => !isJob);
      const budgets = ofKind(objects, 'PodDisruptionBudget');
      return [
        ...budgets.flatMap((budget) => {
          const chosen = workloads.filter((workload) => covers(budget, workload));
          return chosen.length === 1 && chosen.every(({ object }) => replicasOf(object, objects) > 1) ? [] : [`${budget.metadata.name}: a budget for ${chosen.length} workloads, or for one replica`];
        }),
        ...workloads.filter((workload) => replicasOf(workload.object, objects) > 1 && !budgets.some((budget) => covers(budget, workload))).map(({ name }) => `${name} has no budget`),
      ];
    },
  },
  {
    name: 'replicas of a process are spread over nodes and zones, and so are those of what has several',
    faults: (objects) =>
      workloadsOf(objects)
        .filter(({ isProcess, object }) => isProcess || replicasOf(object, objects) > 1)
        .flatMap(({ name, labels, pod: { topologySpreadConstraints: spread = [] } }) =>
          SPREAD_OVER.filter((key) => !spread.some(({ topologyKey, labelSelector = { matchLabels: { none: '' } } }) => topologyKey === key && chooses(labelSelector, labels))).map((key) => `${name} may be in one ${key}`)),
  },
];
