import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSecretManifests } from '../../deploy/k8s/kind/secret-manifests.ts';
import { render } from '../../deploy/k8s/render.ts';
import { addressForContainers } from '../../lab/src/containers/address-for-containers.ts';
import { IMAGE_TAG } from '../../lab/src/containers/start-container-shops.ts';
import { startJourney } from '../../lab/src/demo/journey.ts';
import { BREWS } from '../../lab/src/kind/brews.ts';
import { startMailReceiver, type MailReceiver } from '../../lab/src/receivers/mail-receiver.ts';
import { buildImage } from '../../scripts/build/build-image.ts';
import { processesNamed } from '../../scripts/build/processes.ts';
import { inspect } from './engine/inspect.ts';
import { startRehearsal, type RunningRehearsal } from './engine/start-rehearsal.ts';
import { watchMemory } from './engine/watch-memory.ts';
import { planRehearsal } from './plan/plan-rehearsal.ts';
import { loadQuickly, type PathLoad } from './quick-load.ts';

const START_TIMEOUT_MS = 1_200_000;
const LOAD_TIMEOUT_MS = 600_000;
const READY_WITHIN_S = 60;
const LOOKS = { timeout: 60_000, interval: 500 };
const MIB = 1_048_576;
/** The lab's own receiver stands in, and tells what it got. */
const MAILPIT = { workload: 'doubleshot-engines/mailpit', port: 1_025 };

let mail: MailReceiver;
let rehearsal: RunningRehearsal;

beforeAll(async () => {
  const plan = planRehearsal(await render({ overlay: 'kind' }), {
    secrets: createSecretManifests({ existing: new Map(), password: () => randomBytes(24).toString('hex') }),
    replaced: [MAILPIT.workload],
  });
  for (const name of processesNamed([])) await buildImage(name, { tag: IMAGE_TAG });
  mail = await startMailReceiver({ host: await addressForContainers() });
  rehearsal = await startRehearsal(plan, [{ ...MAILPIT, target: Number(new URL(mail.url).port) }], (message) => { process.stdout.write(`${message}\n`); });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await rehearsal?.stop();
  await mail?.close();
});

async function expectNoneEnded(): Promise<void> {
  const ends = await Promise.all(rehearsal.containers.map(async ({ id, pod: { name } }) => {
    const { running, wasKilledForMemory } = await inspect(id);
    return { name, running, wasKilledForMemory };
  }));
  expect(ends).toEqual(ends.map(({ name }) => ({ name, running: true, wasKilledForMemory: false })));
}

test('every workload of both brews and their engines becomes ready, but the replaced one', async () => {
  expect(rehearsal.containers.map(({ pod }) => pod.workload).toSorted()).toEqual([
    ...['kafka', 'postgres', 'rabbitmq', 'redis'].map((name) => `doubleshot-engines/${name}`),
    ...['auth', 'gateway', 'notifications', 'orders'].map((name) => `doubleshot-micro/${name}`),
    'doubleshot-mono/monolith',
  ]);
  await expectNoneEnded();
});

test('each runs with nothing but what its pod allows: no writing, no capability, no further right, its memory and no swap', async () => {
  for (const { id, plan } of rehearsal.containers) {
    const bytes = plan.memoryMiB * MIB;
    expect([plan.name, (await inspect(id)).constraints]).toEqual([plan.name, { user: expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/), memoryBytes: bytes, memoryWithSwapBytes: bytes, isReadOnly: true, dropped: ['ALL'], added: [], security: ['no-new-privileges'] }]);
  }
});

describe.each(BREWS.map(({ name, host }) => ({ name, host })))('the $name', ({ name, host }) => {
  test('makes a coffee: its order is placed and ready, and its customer is told of it, by e-mail too', async () => {
    const journey = await startJourney(await rehearsal.originOf(host));
    try {
      const { order } = await journey.order('Espresso', { wait: READY_WITHIN_S });
      await expect.poll(async () => (await journey.read(order.id))?.order.status, LOOKS).toBe('ready');
      await expect.poll(() => journey.notificationsAbout(order.id), LOOKS).not.toEqual([]);
      await expect.poll(() => mail.to(journey.customer.email), LOOKS).not.toEqual([]);
    } finally {
      await journey.close();
    }
  });

  test('bears the requests of a quick comparison on every path, and nothing ends or is killed for its memory', async () => {
    const memory = watchMemory(rehearsal.containers);
    const loads = await loadQuickly(await rehearsal.originOf(host)).finally(() => memory.stop());
    await expectNoneEnded();
    for (const container of rehearsal.containers) await rehearsal.kubelet.untilReady(container);
    process.stdout.write(tableOf(name, loads, await memory.stop()));
    for (const { path, due, succeeded } of loads) expect([path, succeeded > due / 2]).toEqual([path, true]);
  }, LOAD_TIMEOUT_MS);
});

function tableOf(brew: string, loads: readonly PathLoad[], most: ReadonlyMap<string, number>): string {
  const paths = loads.map(({ path, due, succeeded }) => `${path} ${succeeded} of ${due}`).join(', ');
  const rows = rehearsal.containers.map(({ host, pod, plan: { memoryMiB } }) => {
    const used = most.get(host) ?? Number.NaN;
    return `  ${pod.workload.padEnd(34)} ${used.toFixed(0).padStart(5)} of ${String(memoryMiB).padStart(4)} MiB  ${(100 * used / memoryMiB).toFixed(0).padStart(3)} %`;
  });
  return `${brew} under load: ${paths} answered well; the most memory of each:\n${rows.join('\n')}\n`;
}
