import { nameOf, type ClusterObject, type ContainerStatus } from './workload.ts';

/** A pod that is not as it should be. */
export interface PodTrouble {
  namespace: string;
  pod: string;
  /** `ImagePullBackOff`, `CrashLoopBackOff after OOMKilled`, `Pending: 0/1 nodes are available: …`, or that it is not ready. */
  reason: string;
  /** An earlier container of it left a log. */
  hasRestarted: boolean;
}

/** Of each pod that should run and is not ready, why; those that wait for something first that is no trouble yet come last. */
export function troublesOf(objects: readonly ClusterObject[]): PodTrouble[] {
  const troubles = objects.flatMap((object) => {
    const reason = object.kind === 'Pod' ? reasonOf(object) : undefined;
    if (reason === undefined) return [];
    const { namespace, name: pod } = object.metadata;
    return [{ namespace, pod, reason, hasRestarted: containersOf(object).some(({ restartCount }) => restartCount > 0) }];
  });
  return troubles.sort((a, b) => Number(isPatient(a)) - Number(isPatient(b)));
}

const STARTING = 'starting';
const NOT_READY = 'not ready';

/** Time alone may mend it. */
export function isPatient({ reason }: PodTrouble): boolean {
  return reason === STARTING || reason === NOT_READY;
}

function reasonOf(pod: ClusterObject): string | undefined {
  const { phase, conditions = [] } = pod.status ?? {};
  if (phase === 'Succeeded') return undefined;
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled !== undefined) return `Pending: ${unscheduled.message ?? unscheduled.reason ?? 'no node takes it'}`;
  const inTrouble = containersOf(pod).map(reasonOfContainer).find((reason) => reason !== undefined);
  if (inTrouble !== undefined) return inTrouble;
  if (phase === 'Failed') return 'Failed';
  if (conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return undefined;
  return phase === 'Running' ? NOT_READY : STARTING;
}

/** What a container waits for while all goes well. */
const HARMLESS = ['ContainerCreating', 'PodInitializing'];

function reasonOfContainer({ state = {}, lastState = {}, ready, restartCount }: ContainerStatus): string | undefined {
  const waiting = state.waiting?.reason;
  if (waiting !== undefined && !HARMLESS.includes(waiting)) {
    const { reason, exitCode } = lastState.terminated ?? {};
    return exitCode === undefined ? waiting : `${waiting} after ${reason === undefined || reason === 'Error' ? `exit code ${exitCode}` : reason}`;
  }
  const { terminated } = state;
  if (terminated !== undefined && terminated.exitCode !== 0) return terminated.reason === 'OOMKilled' ? terminated.reason : `exit code ${terminated.exitCode}`;
  return !ready && restartCount > 0 && lastState.terminated?.reason === 'OOMKilled' ? 'started again after OOMKilled' : undefined;
}

function containersOf({ status = {} }: ClusterObject): readonly ContainerStatus[] {
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
}

/** For a line of progress. */
export function describeTrouble({ namespace, pod, reason }: PodTrouble): string {
  return `${nameOf({ metadata: { namespace, name: pod } })}: ${reason}`;
}
