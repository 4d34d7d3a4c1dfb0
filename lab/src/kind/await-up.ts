import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import { kubectlJson } from './cluster.ts';
import { diagnose, diagnoseWorkload } from './diagnose.ts';
import { describeTrouble, isPatient, troublesOf } from './pod-trouble.ts';
import { hasFailed, hasPod, isUp, nameOf, refusalOf, type ClusterObject } from './workload.ts';

export interface AwaitUpOptions {
  namespaces: readonly string[];
  timeoutMs?: number;
  onProgress: (message: string) => void;
}

/** As long as the Jobs of the manifests may take, images that are fetched on a slow line among it. */
export const PATIENCE_MS = 1_800_000;
const POLL_MS = 2_000;
const NAMES_SHOWN = 4;
const TROUBLES_SHOWN = 3;

/** Resolves when every workload of the namespaces is up and every Job done. Otherwise rejects with which is not, and why, once the time is over or a Job has given up. */
export async function awaitUp({ namespaces, timeoutMs = PATIENCE_MS, onProgress }: AwaitUpOptions): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const objects = await objectsIn(namespaces);
    const missing = objects.filter((object) => !isUp(object));
    if (missing.length === 0) return;
    onProgress(describeWait(objects, missing));
    const failed = missing.filter(hasFailed);
    if (failed.length > 0 || performance.now() > deadline) throw new LabError(await explain(objects, failed.length > 0 ? failed : missing, timeoutMs));
    await delay(POLL_MS);
  }
}

async function objectsIn(namespaces: readonly string[]): Promise<ClusterObject[]> {
  const { items } = await kubectlJson<{ items: ClusterObject[] }>('get', 'deployments,statefulsets,daemonsets,jobs,pods', '--all-namespaces');
  return items.filter(({ metadata }) => namespaces.includes(metadata.namespace));
}

/** Where a wait stands, in one line. */
export function describeWait(objects: readonly ClusterObject[], missing: readonly ClusterObject[]): string {
  const names = missing.map(({ metadata }) => metadata.name);
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  const refused = missing.flatMap((object) => (refusalOf(object) === undefined ? [] : [`${nameOf(object)}: ${refusalOf(object) ?? ''}`]));
  const troubles = [...refused, ...troublesOf(objects).filter((trouble) => !isPatient(trouble)).map(describeTrouble)];
  const workloads = objects.filter(({ kind }) => kind !== 'Pod').length;
  return [`${workloads - missing.length} of ${workloads} up; waiting for ${names.slice(0, NAMES_SHOWN).join(', ')}${more}`, ...troubles.slice(0, TROUBLES_SHOWN)].join('; ');
}

async function explain(objects: readonly ClusterObject[], missing: readonly ClusterObject[], timeoutMs: number): Promise<string> {
  const names = missing.map(nameOf).join(', ');
  const what = missing.some(hasFailed) ? `${names} failed` : `not up after ${timeoutMs / 1_000} s: ${names}`;
  const podless = missing.filter((object) => !hasPod(object, objects));
  const reports = await Promise.all([...podless.slice(0, TROUBLES_SHOWN).map(diagnoseWorkload), ...troublesOf(objects).slice(0, TROUBLES_SHOWN).map(diagnose)]);
  return [what, ...reports, 'docs/kubernetes.md says what to do about each; the same command goes on where it stopped'].join('\n');
}
