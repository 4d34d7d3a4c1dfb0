import { LabError } from '../../errors.ts';
import { createUndo } from '../../topology/undo.ts';
import { kubectl } from '../cluster.ts';
import type { Lesson } from './lesson.ts';
import { renderReach, surprisesIn, TARGETS, type Reach } from './reach.ts';
import { parseAnswers, probeScript } from './reach-probe.ts';
import { showKubectl } from './show-kubectl.ts';

const STRANGER = 'stranger';
const NAMESPACE = 'default';
/** On the node already: nothing is fetched for it. */
const IMAGE = 'doubleshot/gateway:dev';
const MICRO = 'doubleshot-micro';

/** Knocks at every door from a pod that is none of ours, and from two that are: policies let in who is named, and nobody else. */
export const policy: Lesson = async ({ print, onProgress }) => {
  const knock = { variable: 'KNOCK', text: probeScript(TARGETS) };
  print(`$ ${knock.variable}='${knock.text}'`);
  onProgress('knocking from a foreign pod');
  const reach: Reach = { stranger: parseAnswers(await fromStranger()), gateway: [], orders: [] };
  for (const process of ['gateway', 'orders'] as const) {
    onProgress(`knocking from ${process}`);
    reach[process] = parseAnswers(await showKubectl(['exec', '--namespace', MICRO, `deployment/${process}`, '--', 'node', '-e'], print, knock));
  }
  print(renderReach(reach));
  const surprises = surprisesIn(reach);
  if (surprises.length > 0) throw new LabError(`the policies do not do what they say: ${surprises.join('; ')}`);

  async function fromStranger(): Promise<string> {
    const undo = createUndo();
    const remove = async (): Promise<void> => { await kubectl(['delete', 'pod', STRANGER, '--namespace', NAMESPACE, '--ignore-not-found', '--grace-period=1']); };
    await remove();
    undo.add(remove);
    try {
      await showKubectl(['run', STRANGER, '--namespace', NAMESPACE, '--image', IMAGE, '--restart=Never', '--command', '--', 'node', '-e'], print, knock);
      await kubectl(['wait', '--namespace', NAMESPACE, `pod/${STRANGER}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=120s']);
      return await showKubectl(['logs', '--namespace', NAMESPACE, STRANGER], print);
    } finally {
      await undo.run();
    }
  }
};
