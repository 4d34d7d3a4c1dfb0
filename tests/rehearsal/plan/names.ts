import type { Manifest } from '../../../deploy/k8s/manifest.ts';
import { SERVICE, type ContainerTemplate, type ServiceTemplate } from './pod-schema.ts';
import { readObject } from './read-object.ts';
import { Refusal } from './refusal.ts';

const CLUSTER_DOMAIN = 'svc.cluster.local';

/** Every Service. One network has them all, so no two may have the same short name. */
export function servicesOf(objects: readonly Manifest[]): ServiceTemplate[] {
  const services = objects.filter(({ kind }) => kind === 'Service').map((object) => readObject(SERVICE, object));
  const taken = new Map<string, string>();
  for (const { metadata: { name, namespace } } of services) {
    const other = taken.get(name);
    if (other !== undefined) throw new Refusal(`Service ${namespace}/${name}`, `its short name is that of the one in ${other}, and both are in one network`);
    taken.set(name, namespace);
  }
  return services;
}

export interface NamedPod {
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
  /** Of a StatefulSet, whose pods have names of their own below it. */
  serviceName?: string;
  container: Pick<ContainerTemplate, 'ports'>;
}

/** The names under which others reach a pod. Throws a {@link Refusal} for a port that a Service changes: a name cannot. */
export function namesOf(pod: NamedPod, services: readonly ServiceTemplate[]): string[] {
  const choosing = services.filter(({ metadata, spec }) => metadata.namespace === pod.namespace && Object.entries(spec.selector).every(([key, value]) => pod.labels[key] === value));
  for (const service of choosing) for (const { port, targetPort } of service.spec.ports) requireSamePort(service, { port, targetPort, containerPort: portOf(pod.container, targetPort) });
  const short = [...choosing.map(({ metadata: { name } }) => name), ...(pod.serviceName === undefined ? [] : [`${pod.name}.${pod.serviceName}`])];
  return short.flatMap((name) => [name, `${name}.${pod.namespace}`, `${name}.${pod.namespace}.${CLUSTER_DOMAIN}`]);
}

/** The number of a port that is given by name or number; nothing when the container has no such port. */
export function portOf({ ports }: Pick<ContainerTemplate, 'ports'>, port: string | number): number | undefined {
  return ports.find(({ name, containerPort }) => name === port || containerPort === port)?.containerPort;
}

function requireSamePort({ metadata: { name, namespace } }: ServiceTemplate, { port, targetPort, containerPort }: { port: number; targetPort: string | number; containerPort: number | undefined }): void {
  if (containerPort === port) return;
  const leads = containerPort === undefined ? `${targetPort}, which the container has not` : String(containerPort);
  throw new Refusal(`Service ${namespace}/${name}`, `its port ${port} leads to ${leads}: in a rehearsal a Service is a name, which changes no port`);
}
