import { docker } from '../../containers/docker.ts';
import { LabError } from '../../errors.ts';
import { BREWS, type BrewInCluster } from '../brews.ts';
import { loadImages } from '../deploy.ts';
import type { Lesson } from './lesson.ts';
import { awaitRollout } from './replicas.ts';
import { renderLosses } from './self-heal.ts';
import { showKubectl } from './show-kubectl.ts';
import { underLoad } from './under-load.ts';

const RATE = 20;
/** The version to go to has the same code: what counts is that every process is replaced. */
const NEXT = 'next';

/** Of each brew brings a new version of every process, and then takes it back, while orders are placed: no request fails, and none is sent twice. */
export const rollOut: Lesson = async ({ port, asideMs, print, onProgress }) => {
  const failing: string[] = [];
  for (const brew of BREWS) {
    onProgress(`${brew.name}: loading its images as version "${NEXT}"`);
    await loadNext(brew);
    const summary = await underLoad({ brew, port, rate: RATE, retries: false, asideMs, onProgress }, async () => {
      for (const process of brew.processes) await replace(brew, process, print);
    });
    print(renderLosses(brew.name, summary));
    if (summary.outcomes.acknowledged < summary.orders) failing.push(brew.name);
  }
  if (failing.length > 0) throw new LabError(`requests failed in ${failing.join(' and ')} while versions changed`);
};

async function loadNext({ processes }: BrewInCluster): Promise<void> {
  for (const process of processes) await docker(['tag', `doubleshot/${process}:dev`, `doubleshot/${process}:${NEXT}`]);
  await loadImages(processes.map((process) => `doubleshot/${process}:${NEXT}`));
}

async function replace(brew: BrewInCluster, process: string, print: (text: string) => void): Promise<void> {
  const steps = [
    ['set', 'image', `deployment/${process}`, `process=doubleshot/${process}:${NEXT}`],
    ['rollout', 'undo', `deployment/${process}`],
  ];
  for (const step of steps) {
    const began = performance.now();
    await showKubectl([...step, '--namespace', brew.namespace], print);
    await awaitRollout(brew, process);
    print(`${brew.name}: ${process} replaced within ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  }
}
