/** A brew in the cluster, as deploy/k8s names it. */
export interface BrewInCluster {
  name: 'monolith' | 'microservices';
  namespace: string;
  /** Its host at the ingress. */
  host: string;
  /** Its Deployments, and images. */
  processes: readonly string[];
  /** The process that the lessons are about: the one that takes orders. */
  orders: string;
  /** The process that answers people. */
  gateway: string;
}

export const BREWS: readonly BrewInCluster[] = [
  { name: 'monolith', namespace: 'doubleshot-mono', host: 'mono.localhost', processes: ['monolith'], orders: 'monolith', gateway: 'monolith' },
  { name: 'microservices', namespace: 'doubleshot-micro', host: 'micro.localhost', processes: ['gateway', 'auth', 'orders', 'notifications'], orders: 'orders', gateway: 'gateway' },
];

/** Where the engines are, and what looks at them. */
export const ENGINES_NAMESPACE = 'doubleshot-engines';

/** Label of every pod of a process, and of every Deployment that keeps one. */
export const PROCESS_SELECTOR = 'app.kubernetes.io/component=process';
