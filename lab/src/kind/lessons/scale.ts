import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../errors.ts';
import { BREWS, type BrewInCluster } from '../brews.ts';
import { kubectlJson } from '../cluster.ts';
import type { Lesson } from './lesson.ts';
import { renderLosses } from './self-heal.ts';
import { underLoad } from './under-load.ts';

/** What is read of a HorizontalPodAutoscaler. */
export interface Autoscaler {
  metadata: { name: string; namespace: string };
  spec: { minReplicas: number; maxReplicas: number };
  status?: { currentReplicas?: number; currentMetrics?: { type: string; resource?: { name: string; current: { averageUtilization?: number } } }[] | null };
}

/** More than two replicas of any brew can be expected to bear with what they request. */
const RATE = 120;
const UP_WITHIN_MS = 300_000;
/** Five minutes of patience, then one each minute. */
const DOWN_WITHIN_MS = 900_000;
const POLL_MS = 5_000;

/** Loads each brew until its autoscaler has added replicas to what takes orders; then lets both rest until they are gone. */
export const scale: Lesson = async ({ port, asideMs, print, onProgress }) => {
  for (const brew of BREWS) await autoscalerOf(brew);
  for (const brew of BREWS) {
    print(`$ npx doubleshot load --url http://${brew.host}:${port} --rate ${RATE}`);
    const summary = await underLoad({ brew, port, rate: RATE, retries: false, asideMs, onProgress }, () => watch(brew, { until: hasGrown, withinMs: UP_WITHIN_MS, print }));
    print(renderLosses(brew.name, summary));
  }
  print('Without load. An autoscaler waits five minutes before it takes away what it added, one replica each minute.');
  await Promise.all(BREWS.map((brew) => watch(brew, { until: hasShrunk, withinMs: DOWN_WITHIN_MS, print })));
};

interface Watch {
  until: (autoscaler: Autoscaler) => boolean;
  withinMs: number;
  print: (text: string) => void;
}

async function watch(brew: BrewInCluster, { until, withinMs, print }: Watch): Promise<void> {
  let last = '';
  print(`$ kubectl get horizontalpodautoscaler ${brew.orders} --namespace ${brew.namespace} --watch`);
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; ) {
    const autoscaler = await autoscalerOf(brew);
    const now = describeAutoscaler(autoscaler);
    if (now !== last) print(`${brew.name}: ${now}`);
    last = now;
    if (until(autoscaler)) return;
    await delay(POLL_MS);
  }
  throw new LabError(`${brew.name}: did not scale within ${withinMs / 1_000} s (${last}): \`kubectl --namespace ${brew.namespace} describe hpa ${brew.orders}\` says why`);
}

export function hasGrown({ spec, status = {} }: Autoscaler): boolean {
  return (status.currentReplicas ?? 0) > spec.minReplicas;
}

export function hasShrunk({ spec, status = {} }: Autoscaler): boolean {
  return status.currentReplicas === spec.minReplicas;
}

/** `orders: 2 replicas (2 to 6), CPU at 143 % of what it requests`. */
export function describeAutoscaler({ metadata, spec, status = {} }: Autoscaler): string {
  const cpu = status.currentMetrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.current.averageUtilization;
  return `${metadata.name}: ${status.currentReplicas ?? 0} replicas (${spec.minReplicas} to ${spec.maxReplicas}), CPU ${cpu === undefined ? 'not known yet' : `at ${cpu} % of what it requests`}`;
}

async function autoscalerOf({ namespace, orders }: BrewInCluster): Promise<Autoscaler> {
  const { items } = await kubectlJson<{ items: Autoscaler[] }>('get', 'horizontalpodautoscalers', '--namespace', namespace);
  const found = items.find(({ metadata }) => metadata.name === orders);
  if (found === undefined) throw new LabError(`nothing scales ${namespace}/${orders}: type \`make kind-deploy LAYERS="+autoscaling"\` first, with the layers that you have`);
  return found;
}
