import { kubectl, kubectlJson } from '../cluster.ts';
import type { BrewInCluster } from '../brews.ts';
import type { LessonOptions } from './lesson.ts';
import { showKubectl } from './show-kubectl.ts';

const ROLLOUT_TIMEOUT = '--timeout=300s';

interface Deployment {
  spec: { replicas: number };
}

/** Names of the pods of a process that are not about to go, in order. */
export async function podsOf({ namespace }: BrewInCluster, process: string): Promise<string[]> {
  const { items } = await kubectlJson<{ items: { metadata: { name: string; deletionTimestamp?: string } }[] }>('get', 'pods', '--namespace', namespace, '--selector', `app.kubernetes.io/component=process,app.kubernetes.io/name=${process}`);
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(({ metadata }) => metadata.name).sort();
}

/** Resolves when every replica of a process is ready, and as it was last described. */
export async function awaitRollout({ namespace }: BrewInCluster, process: string): Promise<void> {
  await kubectl(['rollout', 'status', 'deployment', process, '--namespace', namespace, ROLLOUT_TIMEOUT]);
}

/** Sees to it that a process has `least` replicas; answers how to have as many as before. */
export async function atLeast(least: number, { brew, process, print }: { brew: BrewInCluster; process: string; print: LessonOptions['print'] }): Promise<() => Promise<void>> {
  const { spec } = await kubectlJson<Deployment>('get', 'deployment', process, '--namespace', brew.namespace);
  if (spec.replicas >= least) return () => Promise.resolve();
  const scale = async (replicas: number): Promise<void> => { await showKubectl(['scale', 'deployment', process, '--namespace', brew.namespace, `--replicas=${replicas}`], print); };
  await scale(least);
  await awaitRollout(brew, process);
  return () => scale(spec.replicas);
}
