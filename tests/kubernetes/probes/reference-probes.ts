import { workloadsOf } from '../workloads.ts';
import { containerOf, podOf, remove, setVariable, specOf, type Probes } from './probe.ts';

export const REFERENCE_PROBES: Probes = {
  'in every namespace nothing may come in or go out unless a policy names it': (objects) => { remove(objects, 'NetworkPolicy', 'default-deny'); },
  'every process has a policy of its own, for both ways': (objects) => { remove(objects, 'NetworkPolicy', 'gateway'); },
  'every volume takes a ConfigMap or Secret that there is, and keys that it has': (objects) => void (podOf(objects, 'Deployment', 'redis').volumes!.find(({ secret }) => secret !== undefined)!.secret!.items![0]!.key = 'users.acl'),
  'every mount names a volume of its pod, and a file that it has': (objects) => void (containerOf(objects, 'StatefulSet', 'postgres').volumeMounts!.find(({ subPath }) => subPath === 'roles.sh')!.subPath = 'role.sh'),
  'every file that a variable names is mounted': (objects) => { setVariable(objects, 'orders', ['CACHE_URL_FILE', '/run/secrets/doubleshot/CACHE']); },
  'every variable takes a key that there is': (objects) => void (containerOf(objects, 'Deployment', 'orders').env!.find(({ name }) => name === 'LOG_LEVEL')!.valueFrom!.configMapKeyRef!.key = 'LEVEL'),
  'every ConfigMap is taken by a pod': (objects) => void objects.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'left-over', namespace: 'doubleshot-micro' } }),
  'every Service chooses one workload, none of its Jobs, and ports that it has': (objects) => void (specOf(objects, 'Service', 'orders').selector = { 'app.kubernetes.io/name': 'orders' }),
  'every Ingress and HTTPRoute leads to a port of a Service, and every brew is reached by exactly one': (objects) => void (specOf(objects, 'Ingress', 'gateway').rules![0]!.http!.paths[0]!.backend.service.port = { number: 80 }),
  'every Ingress and HTTPRoute hands on every path, pages of problems among them': (objects) => void (specOf(objects, 'Ingress', 'gateway').rules![0]!.http!.paths[0]!.path = '/api'),
  'every route has a host, and beside engines of others none that is of one machine or without a certificate': (objects) => { for (const { object: engine } of workloadsOf(objects).filter(({ labels }) => labels['app.kubernetes.io/component'] === 'engine')) objects.splice(objects.indexOf(engine), 1); },
  'every policy is for pods that there are, and names peers that there are': (objects) => { remove(objects, 'Deployment', 'otel-collector'); },
  'every port that a policy opens is one that somebody listens at, at either end': (objects) => void (specOf(objects, 'NetworkPolicy', 'rabbitmq').ingress![0]!.ports![0]!.port = 5671),
  'whatever a program is told to speak to is a Service, and policies at both ends let it pass': (objects) => {
    const policy = specOf(objects, 'NetworkPolicy', 'orders');
    policy.egress = policy.egress!.filter(({ ports = [] }) => !ports.some(({ port }) => port === 6379));
  },
  'no policy lets anybody in or out who is not known: no foreign pod, no whole namespace of ours, no addresses but those of engines outside': (objects) => void specOf(objects, 'NetworkPolicy', 'postgres').ingress![0]!.from!.push({ namespaceSelector: {} }),
  'the way in is open to the ingress controller or the Gateway, at the port of requests alone': (objects) => void specOf(objects, 'NetworkPolicy', 'monolith').ingress![0]!.ports!.push({ port: 9090 }),
  'nothing is reached from outside but through the ingress: no Service has a port of a node, a balancer or an address of its own': (objects) => void (specOf(objects, 'Service', 'grafana').type = 'NodePort'),
  'every Ingress and Gateway is for the controller of F5, and is told things of it alone; nothing else has annotations': (objects) => { delete specOf(objects, 'Ingress', 'gateway').ingressClassName; },
  'every topic that anything names is one that there is': (objects) => { setVariable(objects, 'orders', ['TOPIC', 'orders.v2']); },
  'Prometheus may reach every process at its ops port, under the names that it looks up': (objects) => {
    const settings = objects.find(({ data }) => data?.['prometheus.yml'] !== undefined)!.data!;
    settings['prometheus.yml'] = settings['prometheus.yml']!.replace('auth-ops', 'auth');
  },
};
