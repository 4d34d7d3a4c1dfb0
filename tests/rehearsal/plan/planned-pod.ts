import type { SecretManifest } from '../../../deploy/k8s/kind/secret-manifests.ts';
import type { Manifest } from '../../../deploy/k8s/manifest.ts';
import { namesOf } from './names.ts';
import { planContainer, type PlannedContainer } from './planned-container.ts';
import { WORKLOADS, type PodTemplate, type ServiceTemplate } from './pod-schema.ts';
import { readObject } from './read-object.ts';
import { settingsOf } from './settings.ts';
import { volumesOf, type PlannedVolume } from './volumes.ts';

/** What follows one after another: engines, Jobs, and what needs both. */
export const STAGES = ['engines', 'jobs', 'processes'] as const;
export type Stage = (typeof STAGES)[number];

/** One pod of a workload, with all that it names filled in. */
export interface PlannedPod {
  /** `namespace/name` of what makes it. */
  workload: string;
  /** `namespace/name` of its own. */
  name: string;
  stage: Stage;
  hostname: string;
  /** Others reach it by them. */
  names: readonly string[];
  volumes: readonly PlannedVolume[];
  /** Run one after another, before the other. */
  initContainers: readonly PlannedContainer[];
  container: PlannedContainer;
}

interface Others {
  objects: readonly Manifest[];
  secrets: readonly SecretManifest[];
  services: readonly ServiceTemplate[];
}

interface Identity {
  /** Its host name. */
  hostname: string;
  labels: Readonly<Record<string, string>>;
  serviceName?: string;
  claimed: readonly string[];
}

/** The pods that an object makes; none for what makes none. */
export function planPods(object: Manifest, others: Others): PlannedPod[] {
  switch (object.kind) {
    case 'Deployment': {
      const { metadata: { name }, spec: { replicas, template } } = readObject(WORKLOADS.Deployment, object);
      return numbers(replicas).map((index) => planPod(object, template, { hostname: `${name}-${index}`, labels: template.metadata.labels, claimed: [] }, others));
    }
    case 'StatefulSet': {
      const { metadata: { name }, spec: { replicas, template, serviceName, volumeClaimTemplates } } = readObject(WORKLOADS.StatefulSet, object);
      const claimed = volumeClaimTemplates.map(({ metadata }) => metadata.name);
      return numbers(replicas).map((index) =>
        planPod(object, template, { hostname: `${name}-${index}`, labels: { ...template.metadata.labels, 'apps.kubernetes.io/pod-index': String(index) }, serviceName, claimed }, others));
    }
    case 'Job': {
      const { metadata: { name }, spec: { template } } = readObject(WORKLOADS.Job, object);
      return [planPod(object, template, { hostname: name, labels: template.metadata.labels, claimed: [] }, others)];
    }
    default:
      return [];
  }
}

function planPod({ kind, metadata }: Manifest, { spec }: PodTemplate, { hostname, labels, serviceName, claimed }: Identity, { objects, secrets, services }: Others): PlannedPod {
  const namespace = metadata.namespace ?? '';
  const settings = settingsOf(namespace, objects, secrets);
  const volumes = volumesOf({ metadata: { labels }, spec }, claimed, settings);
  const facts = { name: hostname, namespace, labels };
  const [only] = spec.containers;
  if (only === undefined) throw new TypeError('the schema lets no pod pass without a container');
  const plan = (container: typeof only): PlannedContainer => planContainer(container, { pod: facts, spec, settings, volumes });
  return {
    workload: `${namespace}/${metadata.name}`,
    name: `${namespace}/${hostname}`,
    stage: kind === 'Job' ? 'jobs' : labels['app.kubernetes.io/component'] === 'engine' ? 'engines' : 'processes',
    hostname,
    names: namesOf({ ...facts, ...(serviceName !== undefined && { serviceName }), container: only }, services),
    volumes,
    initContainers: spec.initContainers.map(plan),
    container: plan(only),
  };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
