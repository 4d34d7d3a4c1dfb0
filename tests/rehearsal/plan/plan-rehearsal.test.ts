import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../deploy/k8s/manifest.ts';
import { rendering } from '../../kubernetes/renderings.ts';
import { SECRETS } from '../../kubernetes/secret-keys.ts';
import { containerOf, object, podOf, specOf } from '../../kubernetes/probes/probe.ts';
import { LEFT_OUT } from './left-out.ts';
import { planRehearsal, type Rehearsal } from './plan-rehearsal.ts';
import type { PlannedPod } from './planned-pod.ts';

async function planned(change: (objects: Manifest[]) => void = () => undefined, replaced: readonly string[] = []): Promise<Rehearsal> {
  const objects = await rendering('kind');
  change(objects);
  return planRehearsal(objects, { secrets: SECRETS, replaced });
}

function podNamed({ stages }: Rehearsal, name: string): PlannedPod {
  return stages.flatMap(({ pods }) => pods).find((pod) => pod.name === name)!;
}

describe('the plan of the overlay kind', () => {
  test('has engines first, then every Job, then the processes', async () => {
    const stages = (await planned()).stages.map(({ stage, pods }) => [stage, pods.map(({ workload }) => workload.split('/')[1]).toSorted()]);
    expect(stages).toEqual([
      ['engines', ['kafka', 'mailpit', 'postgres', 'rabbitmq', 'redis']],
      ['jobs', ['migrate-auth', 'migrate-monolith', 'migrate-notifications', 'migrate-orders']],
      ['processes', ['auth', 'gateway', 'monolith', 'notifications', 'orders']],
    ]);
  });

  test('names pods as their Services do, and brokers by themselves', async () => {
    expect(podNamed(await planned(), 'doubleshot-engines/kafka-0').names).toEqual(
      ['kafka', 'kafka-brokers', 'kafka-0.kafka-brokers'].flatMap((name) => [name, `${name}.doubleshot-engines`, `${name}.doubleshot-engines.svc.cluster.local`]).toSorted((one, other) => Number(one.startsWith('kafka-0')) - Number(other.startsWith('kafka-0'))),
    );
  });

  test('lets people in where an Ingress leads to', async () => {
    expect((await planned()).waysIn).toEqual([
      { host: 'micro.localhost', namespace: 'doubleshot-micro', service: 'gateway', port: 8_080 },
      { host: 'mono.localhost', namespace: 'doubleshot-mono', service: 'monolith', port: 8_080 },
    ]);
  });

  test('fills variables in: of ConfigMaps, of the pod, and those that name others', async () => {
    const plan = await planned();
    expect(podNamed(plan, 'doubleshot-micro/orders-0').container.variables).toMatchObject({ LOG_LEVEL: 'info' });
    expect(podNamed(plan, 'doubleshot-engines/kafka-0').container.variables).toMatchObject({ POD_NAME: 'kafka-0', KAFKA_NODE_ID: '0', KAFKA_ADVERTISED_LISTENERS: 'CLIENTS://kafka-0.kafka-brokers.doubleshot-engines.svc.cluster.local:9092' });
  });

  test('has files with the content of Secrets and ConfigMaps, for root and the group of the pod', async () => {
    const plan = await planned();
    expect(podNamed(plan, 'doubleshot-micro/migrate-orders').volumes).toEqual([
      { name: 'secrets', mode: 0o2755, group: 1_000, files: [{ path: 'DATABASE_URL', mode: 0o440, content: expect.stringMatching(/^postgres:\/\/orders:hunter2/) }] },
    ]);
    const volumes = new Map(podNamed(plan, 'doubleshot-engines/rabbitmq-0').volumes.map((volume) => [volume.name, volume]));
    expect(volumes.get('config')!.files.map(({ path }) => path)).toEqual(['10-doubleshot.conf', '20-default-user.conf']);
    expect([volumes.get('data'), volumes.get('tmp')]).toMatchObject([{ mode: 0o2775, group: 999, files: [] }, { mode: 0o2777, group: 999, files: [] }]);
  });

  test('leaves a workload that is replaced to whoever stands in, under its names', async () => {
    const plan = await planned(undefined, ['doubleshot-engines/mailpit']);
    expect(podNamed(plan, 'doubleshot-engines/mailpit-0')).toBeUndefined();
    expect(plan.replaced).toEqual([{ workload: 'doubleshot-engines/mailpit', names: ['mailpit', 'mailpit.doubleshot-engines', 'mailpit.doubleshot-engines.svc.cluster.local'] }]);
    await expect(planned(undefined, ['doubleshot-engines/smtp'])).rejects.toThrow('doubleshot-engines/smtp: it is to be replaced, and there is none');
  });

  test('has as many pods as there are replicas', async () => {
    const plan = await planned((objects) => void (specOf(objects, 'Deployment', 'orders').replicas = 2));
    expect(plan.stages.at(-1)!.pods.filter(({ workload }) => workload === 'doubleshot-micro/orders').map(({ name }) => name)).toEqual(['doubleshot-micro/orders-0', 'doubleshot-micro/orders-1']);
  });

  test('has init containers before the other', async () => {
    const plan = await planned((objects) => {
      const pod = podOf(objects, 'Deployment', 'redis');
      pod.initContainers = [{ ...structuredClone(pod.containers[0]!), name: 'first' }];
    });
    expect(podNamed(plan, 'doubleshot-engines/redis-0').initContainers.map(({ name }) => name)).toEqual(['doubleshot-engines/redis-0: first']);
  });
});

test.each<[what: string, change: (objects: Manifest[]) => void, refusal: string]>([
  ['a kind of object', (objects) => void objects.push({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'shipper', namespace: 'doubleshot-micro' } }), 'DaemonSet doubleshot-micro/shipper: the rehearsal does not know this kind'],
  ['a field of a pod', (objects) => void (podOf(objects, 'Deployment', 'auth').hostNetwork = true), 'Deployment doubleshot-micro/auth: the rehearsal does not know spec.template.spec.hostNetwork'],
  ['a field of a container', (objects) => void Object.assign(containerOf(objects, 'StatefulSet', 'kafka'), { tty: true, stdin: true }), 'StatefulSet doubleshot-engines/kafka: the rehearsal does not know spec.template.spec.containers.0.tty, spec.template.spec.containers.0.stdin'],
  ['a field of a workload', (objects) => void Object.assign(specOf(objects, 'Job', 'migrate-auth'), { parallelism: 2 }), 'the rehearsal does not know spec.parallelism'],
  ['a kind of volume', (objects) => void podOf(objects, 'Deployment', 'redis').volumes!.push({ name: 'node', hostPath: { path: '/' } }), 'the rehearsal does not know spec.template.spec.volumes.3.hostPath'],
  ['a limit of CPU alone', (objects) => void (containerOf(objects, 'Deployment', 'auth').resources!.limits = { cpu: '1' }), 'spec.template.spec.containers.0.resources.limits'],
  ['a second container', (objects) => void podOf(objects, 'Deployment', 'auth').containers.push(containerOf(objects, 'Deployment', 'orders')), 'spec.template.spec.containers: the rehearsal runs pods of one container'],
  ['a right', (objects) => void (containerOf(objects, 'Deployment', 'auth').securityContext!.privileged = true), 'securityContext.privileged'],
  ['root where there is to be none', (objects) => void (podOf(objects, 'Deployment', 'auth').securityContext!.runAsUser = 0), 'its user is 0'],
  ['a field of the pod in a variable', (objects) => void containerOf(objects, 'Deployment', 'auth').env!.push({ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }), 'the rehearsal does not know the field status.podIP'],
  ['a Secret that nobody makes', (objects) => void (podOf(objects, 'Deployment', 'auth').volumes![0]!.secret!.secretName = 'author'), 'Secret doubleshot-micro/author: there is none'],
  ['a key that there is not', (objects) => void (containerOf(objects, 'Deployment', 'auth').env!.find(({ valueFrom }) => valueFrom !== undefined)!.valueFrom!.configMapKeyRef!.key = 'LEVEL'), 'it has no key LEVEL'],
  ['a volume that there is not', (objects) => void (containerOf(objects, 'Deployment', 'auth').volumeMounts![0]!.name = 'more'), 'it mounts more, and its pod has no such volume'],
  ['a file that there is not', (objects) => void (containerOf(objects, 'StatefulSet', 'postgres').volumeMounts!.at(-1)!.subPath = 'role.sh'), 'it mounts role.sh'],
  ['a file alone that is not for everybody', (objects) => void containerOf(objects, 'Deployment', 'auth').volumeMounts!.push({ name: 'secrets', mountPath: '/key', subPath: 'DATABASE_URL', readOnly: true }), 'it mounts DATABASE_URL alone'],
  ['a port that a Service changes', (objects) => void (specOf(objects, 'Service', 'orders').ports![0]!.port = 80), 'Service doubleshot-micro/orders: its port 80 leads to 8080: in a rehearsal a Service is a name, which changes no port'],
  ['a port that nobody has', (objects) => void (specOf(objects, 'Service', 'orders').ports![0]!.targetPort = 'web'), 'its port 8080 leads to web, which the container has not'],
  ['a probe of a port that nobody has', (objects) => void (containerOf(objects, 'Deployment', 'auth').livenessProbe!.httpGet!.port = 'web'), 'livenessProbe: the container has no port web'],
  ['a probe that asks nothing', (objects) => { delete containerOf(objects, 'Deployment', 'auth').readinessProbe!.httpGet; }, 'readinessProbe: it asks neither by HTTP nor by TCP nor by a command'],
  ['two Services of one short name', (objects) => void objects.push({ ...structuredClone(object(objects, 'Service', 'orders')), metadata: { name: 'orders', namespace: 'doubleshot-mono' } }), 'Service doubleshot-mono/orders: its short name is that of the one in doubleshot-micro'],
  ['a path of an Ingress', (objects) => void Object.assign(specOf(objects, 'Ingress', 'gateway').rules![0]!.http!.paths[0]!, { path: '/api' }), 'Ingress doubleshot-micro/gateway: spec.rules.0.http.paths.0.path'],
  ['an Ingress that leads nowhere', (objects) => void (specOf(objects, 'Ingress', 'gateway').rules![0]!.http!.paths[0]!.backend.service.name = 'counter'), 'there is no such port of a Service counter'],
])('%s that the rehearsal cannot stand for is refused by its name', async (_, change, refusal) => {
  await expect(planned(change)).rejects.toThrow(refusal);
});

test('what is left out is listed in the document', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/kubernetes.md'), 'utf8');
  expect(LEFT_OUT.filter((kind) => !new RegExp(`^\\|.*\\b${kind}\\b.*\\|`, 'm').test(text))).toEqual([]);
});
