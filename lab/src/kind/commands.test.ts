import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../backends/free-port.ts';
import { inheritedEnvironment } from '../environment.ts';
import { CONTEXT } from './cluster.ts';
import { TARGETS } from './lessons/reach.ts';
import { createFakeTools, type Answer, type FakeTools } from './testing/fake-tools.ts';
import { startFakeIngress } from './testing/fake-ingress.ts';
import { deployment, job, listOf, pod } from './testing/objects.ts';

const PROGRAM = new URL('../../bin/doubleshot.js', import.meta.url).pathname;
const LONG = 60_000;

interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

async function kind(commandLine: readonly string[], path: string, env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, 'kind', ...commandLine], { env: { ...inheritedEnvironment(), ...env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exit, output, errors };
}

/** Fakes before what the shell needs. */
async function withTools(answers: readonly Answer[]): Promise<FakeTools & { path: string }> {
  const tools = await createFakeTools(answers, CONTEXT);
  onTestFinished(() => tools.remove());
  return { ...tools, path: `${tools.folder}:/usr/bin:/bin` };
}

const callsOf = async (tools: FakeTools): Promise<string[]> => (await tools.calls()).map(({ call }) => call);

const CLUSTER_THERE: Answer = { to: 'kind get clusters', prints: ['doubleshot\n'] };
const WATCH = 'kubectl get deployments,statefulsets,daemonsets,jobs,pods';
const PRUNE = 'kubectl get deployments,statefulsets,daemonsets,jobs,services,ingresses,networkpolicies,horizontalpodautoscalers,poddisruptionbudgets --all-namespaces --selector app.kubernetes.io/part-of=doubleshot';
const NOTHING = '{"items":[]}';

test('when nothing is installed, then each program is named with where to get it, and the exit code is 2', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'doubleshot-empty-'));
  onTestFinished(() => rm(empty, { recursive: true }));
  const { code, errors } = await kind(['up'], empty);
  expect(errors).toMatch(/^doubleshot: docker is missing: install .*kind is missing: install version 0\.33.*kubectl is missing: install version 1\.32.*\n$/);
  expect(code).toBe(2);
}, LONG);

test('when Docker does not answer, then that is said, and nothing is begun', async () => {
  const tools = await withTools([{ to: 'docker info', exitCode: 1, complains: 'Cannot connect to the Docker daemon' }]);
  expect(await kind(['up'], tools.path)).toEqual({ code: 1, output: '', errors: 'doubleshot: Docker does not answer: start it, and see that you may use it (`docker info`)\n' });
  expect(await callsOf(tools)).toEqual(['docker info --format {{.ServerVersion}}']);
}, LONG);

test.each([[['deploy']], [['smoke']], [['compare']], [['demo', 'policy']]])('when there is no cluster, then %o says what to type', async (commandLine) => {
  const tools = await withTools([{ to: 'kind get clusters', prints: ['another\n'] }]);
  expect(await kind(commandLine, tools.path)).toEqual({ code: 1, output: '', errors: 'doubleshot: there is no cluster "doubleshot": type `make kind-up` first\n' });
}, LONG);

test.each([
  [['deploy', '--layers=+foam'], /there is no layer "foam"/],
  [['deploy', '--fast'], /unknown option '--fast'/],
  [['demo', 'latte-art'], /Allowed choices are selfheal, scale, rollout, policy/],
  [['froth'], /unknown command 'froth'/],
])('when the command line is %o, then one line says why and the exit code is 2', async (commandLine, message) => {
  const { code, errors } = await kind(commandLine, '');
  expect(errors).toMatch(message);
  expect({ code, lines: errors.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
}, LONG);

test('when a cluster is brought up, then it has a pinned node and a port of this machine, and an ingress controller from its own repository', async () => {
  const port = await freePort();
  const ingress = (ready: number): string => listOf({ kind: 'DaemonSet', metadata: { name: 'nginx-ingress', namespace: 'nginx-ingress', generation: 1 }, status: { observedGeneration: 1, desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberReady: ready } });
  const tools = await withTools([{ to: 'kind get clusters', prints: ['', 'doubleshot\n'] }, { to: WATCH, prints: [ingress(0), ingress(1)] }]);
  const { code, output, errors } = await kind(['up'], tools.path, { HTTP_PORT: String(port) });
  expect([code, output], errors).toEqual([0, expect.stringMatching(/0 of 1 up; waiting for nginx-ingress\n[^]*Next: `make kind-deploy`/)]);
  const [creating, applying] = (await tools.calls()).filter(({ call }) => /^(kind create|kubectl apply)/.test(call));
  expect(creating?.call).toBe('kind create cluster --name doubleshot --wait 180s --config=-');
  expect(JSON.parse(creating?.input ?? '')).toMatchObject({ kind: 'Cluster', nodes: [{ image: 'kindest/node:v1.36.4', extraPortMappings: [{ containerPort: 80, hostPort: port, listenAddress: '127.0.0.1' }] }] });
  const urls = [...(applying?.call.matchAll(/--filename=(\S+)/g) ?? [])].map(([, url = '']) => url);
  expect(urls.length).toBeGreaterThan(4);
  for (const url of urls) expect(url).toMatch(/^https:\/\/raw\.githubusercontent\.com\/nginx\/kubernetes-ingress\/v5\.5\.\d+\/deploy/);
  // Once more: it is there already.
  expect((await kind(['up'], tools.path, { HTTP_PORT: String(port) })).output).toContain('the cluster "doubleshot" is there already');
  expect((await callsOf(tools)).filter((call) => call.startsWith('kind create'))).toHaveLength(1);
}, LONG);

test('when the cluster is removed, then kind is told to, and nobody else is', async () => {
  const tools = await withTools([]);
  expect((await kind(['down'], tools.path)).code).toBe(0);
  expect((await callsOf(tools)).filter((call) => !call.startsWith('docker info'))).toEqual(['kind delete cluster --name doubleshot']);
}, LONG);

const NAMESPACES = JSON.stringify({ items: ['doubleshot-engines', 'doubleshot-mono', 'doubleshot-micro'].map((name) => ({ metadata: { name } })) });
const DEPLOYING: readonly Answer[] = [
  CLUSTER_THERE,
  { to: 'docker history', prints: ['1000 WORKDIR /app\n'] },
  { to: 'docker port', prints: ['127.0.0.1:8080\n'] },
  { to: 'kubectl kustomize', prints: ['apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders, namespace: doubleshot-micro }\n'] },
  { to: PRUNE, prints: [NOTHING] },
  { to: 'kubectl get namespaces', prints: [NAMESPACES] },
  { to: 'kubectl get secrets', prints: [NOTHING] },
];
const UP = listOf(deployment('orders', 'doubleshot-micro'), job('migrate-orders', 'doubleshot-micro', 'Complete'));

test('when both brews are deployed with a layer, then images are built and loaded before manifests and Secrets are applied, and it says where to go', async () => {
  const tools = await withTools([...DEPLOYING, { to: 'kubectl get deployments --all-namespaces --selector', prints: [NOTHING] }, { to: WATCH, prints: [UP] }]);
  const { code, output, errors } = await kind(['deploy', '--layers=+tracing'], tools.path);
  expect([code, output], errors).toEqual([0, expect.stringMatching(/monolith +http:\/\/mono\.localhost:8080\/api\/docs\nmicroservices +http:\/\/micro\.localhost:8080[^]*service\/jaeger 16686/)]);
  const calls = await tools.calls();
  expect(calls.map(({ call }) => call.split(' ').slice(0, 2).join(' ')).filter((call, index, all) => call !== all[index - 1] && !/docker (history|info|port)|kubectl get|kind get/.test(call))).toEqual(['docker build', 'docker build', 'docker build', 'docker build', 'docker build', 'kind load', 'kubectl kustomize', 'kubectl apply', 'kubectl apply']);
  expect(calls.find(({ call }) => call.startsWith('kind load'))?.call).toBe('kind load docker-image doubleshot/monolith:dev doubleshot/gateway:dev doubleshot/auth:dev doubleshot/orders:dev doubleshot/notifications:dev --name doubleshot');
  const [manifests, secrets] = calls.filter(({ call }) => call.startsWith('kubectl apply')).map(({ input }) => JSON.parse(input) as { items: { kind: string }[] });
  expect([manifests?.items.map((item) => item.kind), new Set(secrets?.items.map((item) => item.kind))]).toEqual([['Deployment'], new Set(['Secret'])]);
}, LONG);

test('when brews are there already, then Jobs are made anew, what an earlier deploy had beyond this one is removed, and every process is replaced', async () => {
  const there = [
    { apiVersion: 'apps/v1', ...deployment('orders', 'doubleshot-micro') },
    { apiVersion: 'apps/v1', ...deployment('jaeger', 'doubleshot-engines') },
    { apiVersion: 'batch/v1', ...job('migrate-orders', 'doubleshot-micro', 'Complete') },
  ];
  const tools = await withTools([{ to: PRUNE, prints: [listOf(...there)] }, ...DEPLOYING, { to: 'kubectl get deployments --all-namespaces --selector', prints: [listOf(deployment('orders', 'doubleshot-micro'))] }, { to: WATCH, prints: [UP] }]);
  expect((await kind(['deploy'], tools.path)).code).toBe(0);
  const calls = (await tools.calls()).filter(({ call }) => /kubectl (delete|apply|rollout)/.test(call));
  expect(calls.map(({ call }) => call)).toEqual([
    'kubectl delete --ignore-not-found --filename=-',
    'kubectl apply --server-side --force-conflicts --filename=-',
    'kubectl apply --server-side --filename=-',
    'kubectl rollout restart deployment --selector app.kubernetes.io/component=process --namespace doubleshot-micro',
  ]);
  const removed = JSON.parse(calls[0]?.input ?? '') as { items: unknown[] };
  expect(removed.items).toEqual([
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'jaeger', namespace: 'doubleshot-engines' } },
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'migrate-orders', namespace: 'doubleshot-micro' } },
  ]);
}, LONG);

test('when something does not come up, then its pod, its events and the end of its log are shown, and the exit code is 1', async () => {
  const broken = pod('migrate-orders-x1', 'doubleshot-micro', { phase: 'Failed', container: { restartCount: 2, state: { terminated: { reason: 'Error', exitCode: 2 } } } });
  const tools = await withTools([
    ...DEPLOYING,
    { to: 'kubectl get deployments --all-namespaces --selector', prints: [NOTHING] },
    { to: WATCH, prints: [listOf(deployment('orders', 'doubleshot-micro'), job('migrate-orders', 'doubleshot-micro', 'Failed'), broken)] },
    { to: 'kubectl events', prints: ['2m Warning BackOff Pod/migrate-orders-x1 Back-off restarting failed container\n'] },
    { to: 'kubectl logs', prints: ['orders: DATABASE_URL is missing\n'] },
  ]);
  const { code, errors } = await kind(['deploy'], tools.path);
  expect(code).toBe(1);
  expect(errors).toMatch(/doubleshot-micro\/migrate-orders failed\ndoubleshot-micro\/migrate-orders-x1: exit code 2\nits latest events:\n {2}2m Warning BackOff[^]*--previous:\n {2}orders: DATABASE_URL is missing\n/);
}, LONG);

test('when the cluster makes no pod of a workload, then its events are shown', async () => {
  const tools = await withTools([
    ...DEPLOYING,
    { to: 'kubectl get deployments --all-namespaces --selector', prints: [NOTHING] },
    { to: WATCH, prints: [listOf(deployment('orders', 'doubleshot-micro'), job('migrate-orders', 'doubleshot-micro', 'Failed'), job('migrate-auth', 'doubleshot-micro', 'Failed'), pod('migrate-auth-x1', 'doubleshot-micro', { phase: 'Succeeded' }))] },
    { to: 'kubectl events --namespace doubleshot-micro --for job/migrate-orders', prints: ['1m Warning FailedCreate Job/migrate-orders pods "migrate-orders-x1" is forbidden: exceeded quota\n'] },
  ]);
  const { code, errors } = await kind(['deploy'], tools.path);
  expect([code, errors]).toEqual([1, expect.stringMatching(/doubleshot-micro\/migrate-orders has no pod\nits latest events:\n {2}1m Warning FailedCreate Job\/migrate-orders .* exceeded quota\n/)]);
  expect(errors).not.toContain('migrate-auth has no pod');
}, LONG);

async function ingressAnswers(jaeger: boolean): Promise<{ tools: FakeTools & { path: string }; ingress: Awaited<ReturnType<typeof startFakeIngress>> }> {
  const ingress = await startFakeIngress();
  onTestFinished(() => ingress.close());
  const tools = await withTools([
    CLUSTER_THERE,
    { to: 'docker port', prints: [`127.0.0.1:${ingress.port}\n`] },
    { to: 'kubectl port-forward', prints: [`Forwarding from 127.0.0.1:${ingress.port} -> 8025\n`], stays: true },
    { to: 'kubectl get deployment jaeger', prints: [jaeger ? 'deployment.apps/jaeger\n' : ''] },
  ]);
  return { tools, ingress };
}

test('when both brews serve, then an order goes through each by its host, whatever the resolver knows, and missing traces are said to be missing', async () => {
  const { tools, ingress } = await ingressAnswers(false);
  const { code, output, errors } = await kind(['smoke'], tools.path);
  expect([code, output], errors).toEqual([0, expect.stringMatching(/monolith: order \S+ at http:\/\/mono\.localhost:\d+ is ready\n[^]*was notified\n[^]*is in Mailpit\n[^]*microservices: order [^]*traces: not looked for, as tracing is not deployed/)]);
  expect(ingress.hosts).toEqual([`mono.localhost:${ingress.port}`, `micro.localhost:${ingress.port}`]);
}, LONG);

test('when tracing is deployed, then the trace of each order is shown', async () => {
  const { tools } = await ingressAnswers(true);
  const { code, output, errors } = await kind(['smoke'], tools.path);
  expect([code, output], errors).toEqual([0, expect.stringMatching(/monolith: trace aa with 3 spans of orders\n[^]*microservices: trace aa with 3 spans[^]*place order/)]);
}, LONG);

test('when nothing is behind the ingress, then it says what to look at', async () => {
  const tools = await withTools([CLUSTER_THERE, { to: 'docker port', prints: ['127.0.0.1:9\n'] }]);
  const { code, errors } = await kind(['smoke'], tools.path);
  expect([code, errors]).toEqual([1, expect.stringMatching(/^doubleshot: http:\/\/mono\.localhost:9 does not answer: .*\n$/)]);
}, LONG);

const ENGINES_OF_ORDERS = ['auth.doubleshot-micro:8080', 'postgres.doubleshot-engines:5432', 'redis.doubleshot-engines:6379', 'rabbitmq.doubleshot-engines:5672', 'kafka.doubleshot-engines:9092'];

function reach(stranger: readonly string[]): readonly Answer[] {
  return [
    CLUSTER_THERE,
    { to: 'docker port', prints: ['127.0.0.1:8080\n'] },
    { to: 'kubectl logs', prints: [`${JSON.stringify(stranger)}\n`] },
    { to: 'kubectl exec --namespace doubleshot-micro deployment/gateway', prints: [`${JSON.stringify(TARGETS.filter((target) => /^(auth|orders|notifications)\./.test(target)))}\n`] },
    { to: 'kubectl exec --namespace doubleshot-micro deployment/orders', prints: [`${JSON.stringify(ENGINES_OF_ORDERS)}\n`] },
  ];
}

test('when policies hold, then a table shows who is let in, and the foreign pod is removed', async () => {
  const tools = await withTools(reach(['kubernetes.default:443']));
  const { code, output, errors } = await kind(['demo', 'policy'], tools.path);
  expect([code, output], errors).toEqual([0, expect.stringMatching(/postgres\.doubleshot-engines:5432 +- +- +answered/)]);
  expect(output).toMatch(/^\$ KNOCK='[^']+'\n[^]*^\$ kubectl run stranger --namespace default .* -- node -e "\$KNOCK"\n\$ kubectl logs .* stranger\n[^]*^\$ kubectl exec .* deployment\/gateway -- node -e "\$KNOCK"\n/m);
  expect((await callsOf(tools)).at(-3)).toMatch(/^kubectl delete pod stranger --namespace default/);
}, LONG);

test('when a foreign pod gets through, or has no network at all, then that is named and the exit code is 1', async () => {
  const tools = await withTools(reach(['postgres.doubleshot-engines:5432']));
  const { code, errors } = await kind(['demo', 'policy'], tools.path);
  expect([code, errors]).toEqual([1, 'doubleshot: the policies do not do what they say: stranger does not reach kubernetes.default:443; stranger reaches postgres.doubleshot-engines:5432\n']);
}, LONG);
