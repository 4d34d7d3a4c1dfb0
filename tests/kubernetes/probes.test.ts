import { expect, test } from 'vitest';
import type { Manifest } from '../../deploy/k8s/manifest.ts';
import { containerOf, remove, setVariable, specOf } from './probes/probe.ts';
import { REFERENCE_PROBES } from './probes/reference-probes.ts';
import { WORKLOAD_PROBES } from './probes/workload-probes.ts';
import { rendering } from './renderings.ts';
import { RULES } from './rules/index.ts';

const PROBES = { ...WORKLOAD_PROBES, ...REFERENCE_PROBES };

function faultsOf(rule: string, objects: readonly Manifest[]): string[] {
  return RULES.find(({ name }) => name === rule)?.faults(objects) ?? [];
}

test('every rule has a probe, and every probe a rule', () => {
  expect(Object.keys(PROBES).toSorted()).toEqual(RULES.map(({ name }) => name).toSorted());
});

test.each(RULES.map(({ name }) => name))('the probe breaks the rule: %s', async (name) => {
  const objects = await rendering('everything');
  expect(faultsOf(name, objects)).toEqual([]);
  PROBES[name]?.(objects);
  expect(faultsOf(name, objects)).not.toEqual([]);
});

// Rules that say several things: each of them.
test.each<[rule: string, what: string, change: (objects: Manifest[]) => void]>([
  ['no secret is in the manifests', 'a Secret', (objects) => void objects.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'auth' } })],
  ['no secret is in the manifests', 'a password in a ConfigMap', (objects) => void objects.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { url: 'amqp://a:b@c' } })],
  ['no container can gain a right: no capability, no escalation, the seccomp profile of the runtime', 'escalation', (objects) => { delete containerOf(objects, 'StatefulSet', 'postgres').securityContext!.allowPrivilegeEscalation; }],
  ['Node and the JVM are told how much of the limit is for their heap, with room beside it', 'no heap', (objects) => void (containerOf(objects, 'Deployment', 'auth').env = [])],
  ['whatever a process is told to speak to is a Service, and policies at both ends let it pass', 'a port nobody has', (objects) => { setVariable(objects, 'gateway', ['AUTH_URL', 'http://auth:8081']); }],
  ['whatever a process is told to speak to is a Service, and policies at both ends let it pass', 'an engine that does not let it in', (objects) => void (specOf(objects, 'NetworkPolicy', 'postgres').ingress = [])],
  ['the way in is open to the ingress controller or the Gateway, and to nobody who is not named', 'the ops port', (objects) => void specOf(objects, 'NetworkPolicy', 'gateway').ingress![0]!.ports!.push({ port: 9090 })],
  ['in every namespace nothing may come in or go out unless a policy names it', 'a flow from anywhere', (objects) => { delete specOf(objects, 'NetworkPolicy', 'redis').ingress![0]!.from; }],
  ['what has several replicas has a budget, and nothing else has one', 'no budget', (objects) => void objects.splice(objects.findIndex(({ kind }) => kind === 'PodDisruptionBudget'), 1)],
  ['replicas are counted by one: by an autoscaler, or in the manifest', 'nobody who counts', (objects) => { remove(objects, 'HorizontalPodAutoscaler', 'auth'); }],
  ['replicas are counted by one: by an autoscaler, or in the manifest', 'nothing to scale', (objects) => void (specOf(objects, 'HorizontalPodAutoscaler', 'auth').scaleTargetRef!.name = 'author')],
])('%s: %s breaks it, too', async (rule, _, change) => {
  const objects = await rendering('everything');
  change(objects);
  expect(faultsOf(rule, objects)).not.toEqual([]);
});
