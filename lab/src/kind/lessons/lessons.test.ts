import { afterEach, beforeEach, expect, test } from 'vitest';
import { LabError } from '../../errors.ts';
import { CONTEXT } from '../cluster.ts';
import { startFakeIngress, type FakeIngress, type FakeIngressOptions } from '../testing/fake-ingress.ts';
import { createFakeTools, type Answer, type FakeTools } from '../testing/fake-tools.ts';
import { surprisesIn, TARGETS } from './reach.ts';
import { rollOut } from './roll-out.ts';
import { describeAutoscaler, scale, type Autoscaler } from './scale.ts';
import { selfHeal } from './self-heal.ts';

const LONG = 60_000;
const { PATH } = process.env;
let tools: FakeTools | undefined;
let ingress: FakeIngress | undefined;
let printed: string[];

beforeEach(() => { printed = []; });

afterEach(async () => {
  process.env['PATH'] = PATH;
  await tools?.remove();
  await ingress?.close();
  tools = ingress = undefined;
});

async function prepare(answers: readonly Answer[], options: FakeIngressOptions = {}): Promise<Parameters<typeof selfHeal>[0]> {
  tools = await createFakeTools(answers, CONTEXT);
  process.env['PATH'] = `${tools.folder}:${PATH ?? ''}`;
  ingress = await startFakeIngress(options);
  return { port: ingress.port, asideMs: 400, print: (text) => { printed.push(text); }, onProgress: () => undefined };
}

const changes = async (): Promise<string[]> => ((await tools?.calls()) ?? []).map(({ call }) => call).filter((call) => / (scale|delete|set|undo|tag|load) /.test(call));

/** What was changed by kubectl is what was shown. */
async function expectShown(): Promise<void> {
  const typed = (await changes()).filter((call) => call.startsWith('kubectl'));
  expect(printed.filter((line) => line.startsWith('$ kubectl')).map((line) => line.slice('$ '.length))).toEqual(typed);
}

function pods(...names: readonly string[]): string {
  return JSON.stringify({ items: names.map((name) => ({ metadata: { name } })) });
}

const HEALING: readonly Answer[] = [
  { to: 'kubectl get deployment', prints: ['{"spec":{"replicas":1}}'] },
  { to: 'kubectl get pods --namespace doubleshot-mono', prints: [pods('monolith-a', 'monolith-b'), pods('monolith-b', 'monolith-c')] },
  { to: 'kubectl get pods --namespace doubleshot-micro', prints: [pods('orders-a', 'orders-b'), pods('orders-b', 'orders-c')] },
];

test('when a pod is deleted, then there were two before and are as many as before afterwards, and a request that failed was tried again', async () => {
  await selfHeal(await prepare(HEALING, { fails: (number) => number === 3 }));
  expect(await changes()).toEqual([
    'kubectl scale deployment monolith --namespace doubleshot-mono --replicas=2',
    'kubectl delete pod monolith-a --namespace doubleshot-mono',
    'kubectl scale deployment monolith --namespace doubleshot-mono --replicas=1',
    'kubectl scale deployment orders --namespace doubleshot-micro --replicas=2',
    'kubectl delete pod orders-a --namespace doubleshot-micro',
    'kubectl scale deployment orders --namespace doubleshot-micro --replicas=1',
  ]);
  await expectShown();
  expect(printed.join('\n')).toMatch(/monolith-a is gone, monolith-c is ready[^]*monolith: (\d+) orders in \d+ attempts: \1 accepted, 0 not \(http_502 1\)[^]*microservices: (\d+) orders in \2 attempts: \2 accepted, 0 not\n\$ kubectl scale .*--replicas=1$/);
}, LONG);

test('when a version is rolled out, then every process gets it and goes back', async () => {
  await rollOut(await prepare([]));
  expect(await changes()).toEqual([
    ...versions('doubleshot-mono', ['monolith']),
    ...versions('doubleshot-micro', ['gateway', 'auth', 'orders', 'notifications']),
  ]);
  expect(printed.at(-1)).toMatch(/^microservices: (\d+) orders in \1 attempts: \1 accepted, 0 not$/);
  await expectShown();
}, LONG);

function versions(namespace: string, processes: readonly string[]): string[] {
  return [
    ...processes.map((process) => `docker tag doubleshot/${process}:dev doubleshot/${process}:next`),
    `kind load docker-image ${processes.map((process) => `doubleshot/${process}:next`).join(' ')} --name doubleshot`,
    ...processes.flatMap((process) => [`kubectl set image deployment/${process} process=doubleshot/${process}:next --namespace ${namespace}`, `kubectl rollout undo deployment/${process} --namespace ${namespace}`]),
  ];
}

test('when a single request fails during a roll-out, then the lesson fails and says in which brew', async () => {
  const options = await prepare([], { fails: (number) => number === 2 });
  await expect(rollOut(options)).rejects.toThrow(new LabError('requests failed in monolith while versions changed'));
}, LONG);

test('when a roll-out does not end, then the load ends with it', async () => {
  const options = await prepare([{ to: 'kubectl rollout status', exitCode: 1, complains: 'error: timed out waiting for the condition' }]);
  await expect(rollOut(options)).rejects.toThrow(/timed out waiting for the condition/);
}, LONG);

function autoscaler(name: string, replicas: number): Autoscaler {
  const current = { averageUtilization: 143 };
  return { metadata: { name, namespace: 'any' }, spec: { minReplicas: 2, maxReplicas: 6 }, status: { currentReplicas: replicas, currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current } }] } };
}

const scaling = (name: string, ...replicas: readonly number[]): string[] => replicas.map((count) => JSON.stringify({ items: [autoscaler(name, count)] }));

test('when load makes replicas come and rest makes them go, then both are seen', async () => {
  const answers = [
    { to: 'kubectl get horizontalpodautoscalers --namespace doubleshot-mono', prints: scaling('monolith', 2, 3, 2) },
    { to: 'kubectl get horizontalpodautoscalers --namespace doubleshot-micro', prints: scaling('orders', 2, 4, 2) },
  ];
  await scale(await prepare(answers));
  expect(printed.slice(0, 2)).toEqual([expect.stringMatching(/^\$ npx doubleshot load --url http:\/\/mono\.localhost:\d+ --rate 120$/), '$ kubectl get horizontalpodautoscaler monolith --namespace doubleshot-mono --watch']);
  expect(printed.filter((line) => line.startsWith('microservices: orders'))).toEqual(['microservices: orders: 4 replicas (2 to 6), CPU at 143 % of what it requests', 'microservices: orders: 2 replicas (2 to 6), CPU at 143 % of what it requests']);
}, LONG);

test('when nothing scales, then it says what to deploy', async () => {
  const options = await prepare([{ to: 'kubectl get horizontalpodautoscalers', prints: ['{"items":[]}'] }]);
  await expect(scale(options)).rejects.toThrow('nothing scales doubleshot-mono/monolith: type `make kind-deploy LAYERS="+autoscaling"` first');
});

test('when an autoscaler knows nothing yet, then that is said', () => {
  expect(describeAutoscaler({ ...autoscaler('orders', 0), status: {} })).toBe('orders: 0 replicas (2 to 6), CPU not known yet');
});

test('when nobody is let in anywhere, then everyone who should be is missed', () => {
  expect(surprisesIn({ stranger: [], gateway: [], orders: [] })).toHaveLength(9);
  expect(surprisesIn({ stranger: TARGETS, gateway: TARGETS, orders: TARGETS })).toHaveLength(3 * TARGETS.length - 9);
});
