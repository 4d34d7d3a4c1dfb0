import type { SecretManifest } from '../../../deploy/k8s/kind/secret-manifests.ts';
import type { Manifest } from '../../../deploy/k8s/manifest.ts';
import { LEFT_OUT, READ_BY_NAME } from './left-out.ts';
import { servicesOf } from './names.ts';
import { planPods, STAGES, type PlannedPod, type Stage } from './planned-pod.ts';
import { WORKLOADS } from './pod-schema.ts';
import { nameOf } from './read-object.ts';
import { Refusal } from './refusal.ts';
import { waysInOf, type WayIn } from './ways-in.ts';

export interface Rehearsal {
  /** In the order in which they start; Jobs as the manifests have them. */
  stages: readonly { stage: Stage; pods: readonly PlannedPod[] }[];
  waysIn: readonly WayIn[];
  /** Names that lead to somebody who stands in. */
  replaced: readonly { workload: string; names: readonly string[] }[];
}

export interface RehearsalOptions {
  secrets: readonly SecretManifest[];
  /** Workloads that somebody else stands in for, as `namespace/name`. */
  replaced?: readonly string[];
}

/** What a container engine is to run for a set of rendered objects. Throws a {@link Refusal} for the first thing that it cannot stand for. */
export function planRehearsal(objects: readonly Manifest[], { secrets, replaced = [] }: RehearsalOptions): Rehearsal {
  const unknown = objects.find(({ kind }) => ![...Object.keys(WORKLOADS), ...LEFT_OUT, ...READ_BY_NAME].includes(kind));
  if (unknown !== undefined) throw new Refusal(nameOf(unknown), 'the rehearsal does not know this kind');
  const services = servicesOf(objects);
  const pods = objects.flatMap((object) => planPods(object, { objects, secrets, services }));
  const isReplaced = ({ workload }: PlannedPod): boolean => replaced.includes(workload);
  const missing = replaced.find((name) => !pods.some(({ workload }) => workload === name));
  if (missing !== undefined) throw new Refusal(missing, 'it is to be replaced, and there is none');
  return {
    stages: STAGES.map((stage) => ({ stage, pods: pods.filter((pod) => pod.stage === stage && !isReplaced(pod)) })),
    waysIn: waysInOf(objects, services),
    replaced: pods.filter(isReplaced).map(({ workload, names }) => ({ workload, names })),
  };
}
