import { afterEach, expect, test } from 'vitest';
import { CONTEXT } from './cluster.ts';
import { diagnoseWorkload } from './diagnose.ts';
import { createFakeTools, type Answer, type FakeTools } from './testing/fake-tools.ts';
import { deployment, job } from './testing/objects.ts';

const NS = 'doubleshot-micro';
const { PATH } = process.env;
let tools: FakeTools | undefined;

afterEach(async () => {
  process.env['PATH'] = PATH;
  await tools?.remove();
});

async function answer(...answers: readonly Answer[]): Promise<void> {
  tools = await createFakeTools(answers, CONTEXT);
  process.env['PATH'] = `${tools.folder}:${PATH ?? ''}`;
}

const set = (name: string, owner: string): object => ({ metadata: { name, ownerReferences: [{ name: owner }] } });

test('when a Deployment has no pod, then its refusal, its events and those of its own ReplicaSets are told', async () => {
  await answer(
    { to: 'kubectl get replicasets', prints: [JSON.stringify({ items: [set('orders-5d', 'orders'), set('auth-7c', 'auth'), { metadata: { name: 'of-nobody' } }] })] },
    { to: `kubectl events --namespace ${NS} --for deployment/orders`, prints: ['2m Normal ScalingReplicaSet Deployment/orders Scaled up\n'] },
    { to: `kubectl events --namespace ${NS} --for replicaset/orders-5d`, prints: ['1m Warning FailedCreate ReplicaSet/orders-5d is forbidden\n'] },
    { to: 'kubectl events', prints: ['of another\n'] },
  );
  const refused = { ...deployment('orders', NS, 0), status: { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' }] } };
  expect(await diagnoseWorkload(refused)).toBe([`${NS}/orders has no pod: exceeded quota`, 'its latest events:', '  2m Normal ScalingReplicaSet Deployment/orders Scaled up', '  1m Warning FailedCreate ReplicaSet/orders-5d is forbidden'].join('\n'));
});

test('when nothing is known of a workload without a pod, then that is all', async () => {
  await answer({ to: 'kubectl', exitCode: 1 });
  expect(await diagnoseWorkload(job('migrate-orders', NS))).toBe(`${NS}/migrate-orders has no pod`);
  expect(await diagnoseWorkload(deployment('orders', NS, 0))).toBe(`${NS}/orders has no pod`);
});
