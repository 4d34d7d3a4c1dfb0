import { LabError } from '../../errors.ts';
import type { LoadSummary } from '../../load/run-load.ts';
import { createUndo } from '../../topology/undo.ts';
import { BREWS, type BrewInCluster } from '../brews.ts';
import type { Lesson } from './lesson.ts';
import { atLeast, awaitRollout, podsOf } from './replicas.ts';
import { showKubectl } from './show-kubectl.ts';
import { underLoad } from './under-load.ts';

const REPLICAS = 2;
const RATE = 20;

/** Of each brew deletes a pod that takes orders, while orders are placed: another one takes its place, and customers who try again lose nothing. */
export const selfHeal: Lesson = async ({ port, asideMs, print, onProgress }) => {
  const lossy: string[] = [];
  for (const brew of BREWS) {
    const undo = createUndo();
    try {
      onProgress(`${brew.name}: ${REPLICAS} replicas of ${brew.orders}`);
      undo.add(await atLeast(REPLICAS, { brew, process: brew.orders, print }));
      const summary = await underLoad({ brew, port, rate: RATE, retries: true, asideMs, onProgress }, () => deletePod(brew, print));
      print(renderLosses(brew.name, summary));
      if (lost(summary) > 0) lossy.push(brew.name);
    } finally {
      await undo.run();
    }
  }
  if (lossy.length > 0) throw new LabError(`orders were not accepted in ${lossy.join(' and ')} though their customers tried again`);
};

async function deletePod(brew: BrewInCluster, print: (text: string) => void): Promise<void> {
  const before = await podsOf(brew, brew.orders);
  const [victim = ''] = before;
  const began = performance.now();
  // It returns when the pod is gone; another one has begun by then.
  await showKubectl(['delete', 'pod', victim, '--namespace', brew.namespace], print);
  await awaitRollout(brew, brew.orders);
  const replacements = (await podsOf(brew, brew.orders)).filter((pod) => !before.includes(pod));
  print(`${brew.name}: ${victim} is gone, ${replacements.join(', ')} is ready, all within ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}

function lost({ outcomes }: LoadSummary): number {
  return outcomes.unknown + outcomes.refused;
}

/** What became of the orders, and how many attempts that took. */
export function renderLosses(name: string, summary: LoadSummary): string {
  const { orders, attempts, outcomes, reasons } = summary;
  const why = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`).join(', ');
  return `${name}: ${orders} orders in ${attempts} attempts: ${outcomes.acknowledged} accepted, ${lost(summary)} not${why === '' ? '' : ` (${why})`}`;
}
