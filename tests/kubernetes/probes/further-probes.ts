import type { Manifest } from '../../../deploy/k8s/manifest.ts';
import type { RenderingName } from '../renderings.ts';
import { containerOf, object, podOf, remove, setVariable, specOf } from './probe.ts';

type Change = (objects: Manifest[]) => void;

/** Of rules that say several things, by their name: what breaks each of those. */
export const FURTHER_PROBES: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  'no secret is in the manifests': {
    'a Secret': (objects) => void objects.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'auth' } }),
    'a password in a ConfigMap': (objects) => void objects.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { url: 'amqp://a:b@c' } }),
  },
  'no container can gain a right: no capability, no escalation, the seccomp profile of the runtime': {
    escalation: (objects) => { delete containerOf(objects, 'StatefulSet', 'postgres').securityContext!.allowPrivilegeEscalation; },
  },
  'Node and the JVM are told how much of the limit is for their heap, with room beside it': {
    'no heap': (objects) => void (containerOf(objects, 'Deployment', 'auth').env = []),
  },
  'an engine is a StatefulSet with a volume that it mounts, and its Service, but for those that keep nothing': {
    'a Deployment that keeps its data with the pod': (objects) => {
      const engine = object(objects, 'StatefulSet', 'postgres');
      engine.kind = 'Deployment';
      delete engine.spec!.volumeClaimTemplates;
      podOf(objects, 'Deployment', 'postgres').volumes!.push({ name: 'data', emptyDir: { sizeLimit: '2Gi' } });
    },
    'a volume that is not mounted': (objects) => void (containerOf(objects, 'StatefulSet', 'kafka').volumeMounts!.find(({ name }) => name === 'data')!.name = 'tmp'),
    'a Service that there is not': (objects) => { remove(objects, 'Service', 'kafka-brokers'); },
  },
  'a Job runs once, gives up, and goes away': {
    'two completions': (objects) => void (specOf(objects, 'Job', 'migrate-auth').completions = 2),
    'two at a time': (objects) => void (specOf(objects, 'Job', 'migrate-auth').parallelism = 2),
  },
  'replicas are counted by one: by an autoscaler, or in the manifest': {
    'nobody who counts': (objects) => { remove(objects, 'HorizontalPodAutoscaler', 'auth'); },
    'nothing to scale': (objects) => void (specOf(objects, 'HorizontalPodAutoscaler', 'auth').scaleTargetRef!.name = 'author'),
  },
  'an autoscaler looks at CPU, and takes away slowly': {
    'no window': (objects) => { delete specOf(objects, 'HorizontalPodAutoscaler', 'orders').behavior!.scaleDown!.stabilizationWindowSeconds; },
    'all at once': (objects) => void (specOf(objects, 'HorizontalPodAutoscaler', 'orders').behavior!.scaleDown!.policies = [{ type: 'Percent', value: 100, periodSeconds: 60 }]),
    'one each second': (objects) => void (specOf(objects, 'HorizontalPodAutoscaler', 'orders').behavior!.scaleDown!.policies = [{ type: 'Pods', value: 1, periodSeconds: 1 }]),
  },
  'a queue that an autoscaler looks at is one that there is, in a state that there is': {
    'a state that there is not': (objects) => void (specOf(objects, 'HorizontalPodAutoscaler', 'orders').metrics!.at(-1)!.external!.metric.selector!.matchLabels = { state: 'waiting' }),
    'no state': (objects) => { delete specOf(objects, 'HorizontalPodAutoscaler', 'orders').metrics!.at(-1)!.external!.metric.selector!.matchLabels; },
    'a label that there is not': (objects) => void (specOf(objects, 'HorizontalPodAutoscaler', 'orders').metrics!.at(-1)!.external!.metric.selector!.matchLabels!['vhost'] = '/'),
  },
  'PostgreSQL has connections for as many replicas as there may be, also while they are replaced, and memory for those': {
    'memory for fewer': (objects) => void (containerOf(objects, 'StatefulSet', 'postgres').resources!.limits!['memory'] = '320Mi'),
  },
  'what has several replicas has a budget, and nothing else has one': {
    'no budget': (objects) => void objects.splice(objects.findIndex(({ kind }) => kind === 'PodDisruptionBudget'), 1),
  },
  'replicas of a process are spread over nodes and zones, and so are those of what has several': {
    'one zone': (objects) => void podOf(objects, 'Deployment', 'orders').topologySpreadConstraints!.shift(),
    'one node': (objects) => void podOf(objects, 'Deployment', 'orders').topologySpreadConstraints!.pop(),
  },
  'in every namespace nothing may come in or go out unless a policy names it': {
    'a flow from anywhere': (objects) => { delete specOf(objects, 'NetworkPolicy', 'redis').ingress![0]!.from; },
  },
  'what is behind the ingress trusts one proxy, and nothing else trusts any': {
    'one that no proxy leads to': (objects) => { setVariable(objects, 'auth', ['TRUSTED_PROXY_HOPS', '1']); },
    'one hop too many': (objects) => { setVariable(objects, 'monolith', ['TRUSTED_PROXY_HOPS', '2']); },
  },
  'nothing is reached from outside but through the ingress: no Service has a port of a node, a balancer or an address of its own': {
    'a balancer': (objects) => void (specOf(objects, 'Service', 'gateway').type = 'LoadBalancer'),
    'an address': (objects) => void (specOf(objects, 'Service', 'gateway').externalIPs = ['192.0.2.1']),
  },
  'every Ingress and Gateway is for the controller of F5, and is told things of it alone; nothing else has annotations': {
    'another controller': (objects) => void (specOf(objects, 'Ingress', 'monolith').ingressClassName = 'traefik'),
    'an annotation of the retired controller': (objects) => void (object(objects, 'Ingress', 'monolith').metadata.annotations!['nginx.ingress.kubernetes.io/proxy-body-size'] = '1m'),
    'an annotation of something else': (objects) => void (object(objects, 'Service', 'gateway').metadata.annotations = { 'nginx.org/lb-method': 'random' }),
  },
  'every topic that anything names is one that there is': {
    'in a file': (objects) => void objects.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'topics' }, data: { list: 'menu.v1 menus.v1' } }),
  },
  'every port that a policy opens is one that somebody listens at, at either end': {
    'a port of nobody, on the way out': (objects) => void specOf(objects, 'NetworkPolicy', 'grafana').egress![0]!.ports!.push({ port: 9999 }),
    'another port of an engine, on the way out': (objects) => void (specOf(objects, 'NetworkPolicy', 'to-elasticsearch').egress![0]!.ports![0]!.port = 9201),
    'another port for names': (objects) => void specOf(objects, 'NetworkPolicy', 'dns').egress![0]!.ports!.push({ port: 5353, protocol: 'UDP' }),
  },
  'no policy lets anybody in or out who is not known: no foreign pod, no whole namespace of ours, no addresses but those of engines outside': {
    'pods of any namespace': (objects) => void specOf(objects, 'NetworkPolicy', 'redis').ingress![0]!.from!.push({ namespaceSelector: {}, podSelector: { matchLabels: { 'app.kubernetes.io/component': 'process' } } }),
    'its whole namespace': (objects) => void specOf(objects, 'NetworkPolicy', 'auth').ingress![0]!.from!.push({ podSelector: {} }),
    'another whole namespace': (objects) => void specOf(objects, 'NetworkPolicy', 'auth').ingress![0]!.from!.push({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'doubleshot-mono' } } }),
    'the world': (objects) => void specOf(objects, 'NetworkPolicy', 'orders').egress!.push({ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 443 }] }),
    'names asked of the world': (objects) => void specOf(objects, 'NetworkPolicy', 'dns').egress![0]!.to!.push({ ipBlock: { cidr: '0.0.0.0/0' } }),
    'addresses where every engine is in the cluster': (objects) => void specOf(objects, 'NetworkPolicy', 'orders').egress!.push({ to: [{ ipBlock: { cidr: '10.20.0.0/16' } }], ports: [{ port: 5432 }] }),
  },
  'whatever a program is told to speak to is a Service, and policies at both ends let it pass': {
    'a port nobody has': (objects) => { setVariable(objects, 'gateway', ['AUTH_URL', 'http://auth:8081']); },
    'an engine that does not let it in': (objects) => void (specOf(objects, 'NetworkPolicy', 'postgres').ingress = []),
    'a host in a variable that files name': (objects) => void (containerOf(objects, 'DaemonSet', 'filebeat').env!.find(({ name }) => name === 'LOGSTASH_HOST')!.value = 'logstash.nowhere'),
    'no way to Elasticsearch, which files name': (objects) => { remove(objects, 'NetworkPolicy', 'elasticsearch'); },
    'no way to Logstash, which a file names': (objects) => { remove(objects, 'NetworkPolicy', 'logstash'); },
    'no way to Kibana, which a command names': (objects) => { remove(objects, 'NetworkPolicy', 'kibana'); },
    'no way from broker to broker': (objects) => void specOf(objects, 'NetworkPolicy', 'kafka').ingress!.pop(),
    'a broker that there is not': (objects) => void (specOf(objects, 'StatefulSet', 'kafka').replicas = 2),
    'no way to the ops port of a process, which Prometheus looks up': (objects) => {
      const policy = specOf(objects, 'NetworkPolicy', 'auth');
      policy.ingress = policy.ingress!.filter(({ ports = [] }) => !ports.some(({ port }) => port === 9090));
    },
  },
};

const LOOSE = 'no policy lets anybody in or out who is not known: no foreign pod, no whole namespace of ours, no addresses but those of engines outside';
const HOSTS = 'every route has a host, and beside engines of others none that is of one machine or without a certificate';

/** Of rules about what is not in the rendering of everything. */
export const PROBES_ELSEWHERE: readonly { rendering: RenderingName; rule: string; what: string; change: Change }[] = [
  { rendering: 'production', rule: LOOSE, what: 'all addresses', change: (objects) => void (specOf(objects, 'NetworkPolicy', 'orders').egress!.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []))[0]!.cidr = '0.0.0.0/0') },
  { rendering: 'production', rule: HOSTS, what: 'a host of one machine', change: (objects) => void (specOf(objects, 'Ingress', 'gateway').rules![0]!.host = 'micro.localhost') },
  { rendering: 'production', rule: HOSTS, what: 'no certificate', change: (objects) => { delete specOf(objects, 'Ingress', 'monolith').tls; } },
  { rendering: 'production', rule: HOSTS, what: 'every host', change: (objects) => { delete specOf(objects, 'Ingress', 'monolith').rules![0]!.host; } },
  { rendering: 'production behind a Gateway', rule: HOSTS, what: 'a host of one machine', change: (objects) => void (specOf(objects, 'HTTPRoute', 'gateway').hostnames = ['micro.localhost']) },
  { rendering: 'production behind a Gateway', rule: HOSTS, what: 'no certificate', change: (objects) => { delete specOf(objects, 'Gateway', 'doubleshot').listeners![0]!.tls; } },
  { rendering: 'production behind a Gateway', rule: 'every Ingress and Gateway is for the controller of F5, and is told things of it alone; nothing else has annotations', what: 'another controller', change: (objects) => void (specOf(objects, 'Gateway', 'doubleshot').gatewayClassName = 'istio') },
];
