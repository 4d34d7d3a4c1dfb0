import { expect, test } from 'vitest';
import { describeWait } from './await-up.ts';
import { describeTrouble, troublesOf } from './pod-trouble.ts';
import { deployment, job, pod } from './testing/objects.ts';
import { hasFailed, isUp, type ClusterObject } from './workload.ts';

const NS = 'doubleshot-micro';

test.each([
  ['a Deployment with all replicas', deployment('orders', NS), true],
  ['a Deployment that waits for one', deployment('orders', NS, 1, 2), false],
  ['a Deployment whose change nobody has looked at', { ...deployment('orders', NS), metadata: { name: 'orders', namespace: NS, generation: 3 } }, false],
  ['a Deployment whose old replica is still there', { ...deployment('orders', NS), status: { observedGeneration: 2, replicas: 2, updatedReplicas: 1, availableReplicas: 1 } }, false],
  ['a Deployment without a status', { kind: 'Deployment', metadata: { name: 'orders', namespace: NS, generation: 1 } }, false],
  ['a StatefulSet with all', { kind: 'StatefulSet', metadata: { name: 'kafka', namespace: NS, generation: 1 }, spec: { replicas: 3 }, status: { observedGeneration: 1, readyReplicas: 3, updatedReplicas: 3 } }, true],
  ['a StatefulSet with two of three', { kind: 'StatefulSet', metadata: { name: 'kafka', namespace: NS, generation: 1 }, spec: { replicas: 3 }, status: { observedGeneration: 1, readyReplicas: 2, updatedReplicas: 3 } }, false],
  ['a DaemonSet on its node', { kind: 'DaemonSet', metadata: { name: 'filebeat', namespace: NS, generation: 1 }, status: { observedGeneration: 1, desiredNumberScheduled: 1, numberReady: 1, updatedNumberScheduled: 1 } }, true],
  ['a DaemonSet before its first node', { kind: 'DaemonSet', metadata: { name: 'filebeat', namespace: NS, generation: 1 }, status: { observedGeneration: 1, desiredNumberScheduled: 0, numberReady: 0 } }, false],
  ['a Job that is done', job('migrate-orders', NS, 'Complete'), true],
  ['a Job that runs', job('migrate-orders', NS), false],
  ['a pod', pod('orders-a', NS), true],
] satisfies [string, ClusterObject, boolean][])('%s: up is %3$s', (_, object, up) => {
  expect(isUp(object)).toBe(up);
});

test('when a Job has used up its tries, then it has failed; one that runs has not', () => {
  expect([job('a', NS, 'Failed'), job('a', NS), job('a', NS, 'Complete')].map(hasFailed)).toEqual([true, false, false]);
});

test.each([
  ['ImagePullBackOff', pod('a', NS, { phase: 'Pending', container: { state: { waiting: { reason: 'ImagePullBackOff' } } } })],
  ['CrashLoopBackOff after OOMKilled', pod('a', NS, { container: { restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } } })],
  ['CrashLoopBackOff after exit code 2', pod('a', NS, { container: { restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { reason: 'Error', exitCode: 2 } } } })],
  ['Pending: 0/1 nodes are available: 1 Insufficient memory.', pod('a', NS, { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available: 1 Insufficient memory.' }] })],
  ['started again after OOMKilled', pod('a', NS, { container: { restartCount: 1, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } } })],
  ['exit code 1', pod('a', NS, { phase: 'Failed', container: { state: { terminated: { reason: 'Error', exitCode: 1 } } } })],
  ['starting', pod('a', NS, { phase: 'Pending', container: { state: { waiting: { reason: 'ContainerCreating' } } } })],
  ['not ready', pod('a', NS)],
])('a pod in trouble is said to be: %s', (reason, object) => {
  expect(troublesOf([object]).map(describeTrouble)).toEqual([`${NS}/a: ${reason}`]);
});

test('when pods are ready or done, then there is no trouble; and real trouble comes before what only takes its time', () => {
  const ready = pod('ready', NS, { container: { ready: true }, conditions: [{ type: 'Ready', status: 'True' }] });
  const done = pod('done', NS, { phase: 'Succeeded', container: { state: { terminated: { exitCode: 0 } } } });
  const broken = pod('broken', NS, { container: { state: { waiting: { reason: 'ErrImageNeverPull' } } } });
  expect(troublesOf([ready, done, pod('slow', NS), broken]).map((trouble) => trouble.pod)).toEqual(['broken', 'slow']);
});

test('when the cluster refuses to make pods, then a wait says why', () => {
  const refused = { ...deployment('orders', NS, 0), status: { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'pods "orders-1" is forbidden: violates PodSecurity' }] } };
  expect(describeWait([refused], [refused])).toBe(`0 of 1 up; waiting for orders; ${NS}/orders: pods "orders-1" is forbidden: violates PodSecurity`);
});

test('when a wait is told of, then it says how many are up, who is not, and what is wrong', () => {
  const missing = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => deployment(name, NS, 0));
  const line = describeWait([deployment('up', NS), ...missing, pod('a-1', NS, { container: { state: { waiting: { reason: 'ImagePullBackOff' } } } }), pod('b-1', NS)], missing);
  expect(line).toBe(`1 of 7 up; waiting for a, b, c, d and 2 more; ${NS}/a-1: ImagePullBackOff`);
});
