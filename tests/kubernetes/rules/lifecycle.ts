import type { Container, Probe } from '../../../deploy/k8s/manifest.ts';
import { PATIENCE_MS } from '../../../lab/src/kind/await-up.ts';
import { faultsOfContainers, ofKind, workloadsOf } from '../workloads.ts';
import type { Rule } from './rule.ts';

const MS_PER_SECOND = 1_000;

/** Whether the port of a probe is one that the container has. */
function isKnown({ httpGet, tcpSocket, exec }: Probe, { ports = [] }: Container): boolean {
  const port = httpGet?.port ?? tcpSocket?.port;
  return exec !== undefined || ports.some(({ name, containerPort }) => name === port || containerPort === port);
}

export const LIFECYCLE_RULES: readonly Rule[] = [
  {
    name: 'what keeps running is asked whether it has started, lives and is ready, at a port that it has',
    faults: (objects) =>
      workloadsOf(objects)
        .filter(({ isJob }) => !isJob)
        .flatMap(({ name, pod }) =>
          pod.containers.filter((container) => [container.startupProbe, container.livenessProbe, container.readinessProbe].some((probe) => probe === undefined || !isKnown(probe, container))).map((container) => `${name}: ${container.name} lacks a probe or its port`)),
  },
  {
    name: 'a process is asked at its ops port, and whether it lives without its backends',
    faults: (objects) =>
      faultsOfContainers(objects, ({ startupProbe, livenessProbe, readinessProbe }, { isProcess }) => {
        const asked = [startupProbe, livenessProbe, readinessProbe].map((probe) => `${probe?.httpGet?.path ?? ''} ${probe?.httpGet?.port ?? ''}`);
        return !isProcess || asked.join() === '/livez ops,/livez ops,/readyz ops' ? undefined : `asked for ${asked.join()}`;
      }),
  },
  {
    name: 'a process is given time: for proxies to hear of its end, to drain, and some more',
    faults: (objects) =>
      faultsOfContainers(objects, ({ env = [], lifecycle }, { isProcess, pod }) => {
        if (!isProcess) return undefined;
        const pause = lifecycle?.preStop?.sleep?.seconds ?? 0;
        const drain = Number(env.find(({ name }) => name === 'SHUTDOWN_TIMEOUT_MS')?.value) / MS_PER_SECOND;
        return pause >= 3 && (pod.terminationGracePeriodSeconds ?? 0) > pause + drain ? undefined : `${pod.terminationGracePeriodSeconds ?? 0} s are not more than ${pause} s and ${drain} s`;
      }),
  },
  {
    name: 'a process is replaced only once another is ready',
    faults: (objects) =>
      workloadsOf(objects)
        .filter(({ isProcess, object: { spec } }) => isProcess && (spec?.strategy?.rollingUpdate?.maxUnavailable !== 0 || spec.strategy.rollingUpdate.maxSurge === 0))
        .map(({ name }) => `${name} may have fewer replicas than it should`),
  },
  {
    name: 'a program that keeps its data to itself is not started a second time beside the first',
    faults: (objects) =>
      workloadsOf(objects)
        .filter(({ isProcess, object: { kind, spec } }) => kind === 'Deployment' && !isProcess && spec?.strategy?.type !== 'Recreate')
        .filter(({ pod }) => (pod.volumes ?? []).some(({ emptyDir }) => emptyDir !== undefined))
        .map(({ name }) => `${name} is not recreated`),
  },
  {
    name: 'a Job runs once, gives up, and goes away',
    faults: (objects) =>
      ofKind(objects, 'Job')
        .filter(({ spec = {} }) => {
          const isOnce = (spec.completions ?? 1) === 1 && (spec.parallelism ?? 1) === 1 && spec.template?.spec.restartPolicy === 'Never';
          return !isOnce || spec.backoffLimit === undefined || spec.ttlSecondsAfterFinished === undefined || spec.activeDeadlineSeconds === undefined;
        })
        .map(({ metadata }) => `${metadata.name} may run twice or for ever`),
  },
  {
    name: 'a Job beside the brews has the time of a first deploy, in which images come on a slow line',
    faults: (objects) =>
      ofKind(objects, 'Job')
        .filter(({ spec, metadata: { namespace } }) => namespace !== 'doubleshot-lab' && (spec?.activeDeadlineSeconds ?? 0) * MS_PER_SECOND < PATIENCE_MS)
        .map(({ metadata }) => `${metadata.name} is cut off before a deploy gives up`),
  },
  {
    name: 'every process with a database has a Job that migrates it, from the same image',
    faults: (objects) => {
      const migrating = workloadsOf(objects).filter(({ labels }) => labels['app.kubernetes.io/component'] === 'migration');
      return workloadsOf(objects)
        .filter(({ isProcess, containers }) => isProcess && containers.some(({ env = [] }) => env.some(({ name }) => name === 'DATABASE_URL_FILE')))
        .filter(({ namespace, containers }) => !migrating.some((job) => job.namespace === namespace && job.containers[0]?.image === containers[0]?.image && job.containers[0]?.env?.some(({ name, value }) => name === 'MIGRATE' && value === 'only')))
        .map(({ name }) => `${name} has no migration`);
    },
  },
];
