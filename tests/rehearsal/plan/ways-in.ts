import type { Manifest } from '../../../deploy/k8s/manifest.ts';
import { INGRESS, type ServiceTemplate } from './pod-schema.ts';
import { readObject } from './read-object.ts';
import { Refusal } from './refusal.ts';

/** Where an Ingress leads to: in a rehearsal the way in begins behind it. */
export interface WayIn {
  host: string;
  namespace: string;
  service: string;
  port: number;
}

export function waysInOf(objects: readonly Manifest[], services: readonly ServiceTemplate[]): WayIn[] {
  return objects.filter(({ kind }) => kind === 'Ingress').flatMap((object) => {
    const { metadata: { name, namespace }, spec } = readObject(INGRESS, object);
    return spec.rules.map(({ host, http: { paths: [{ backend: { service } }] } }) => {
      const ports = services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === service.name)?.spec.ports ?? [];
      const found = ports.find((each) => each.name === service.port.name || each.port === service.port.number);
      if (found === undefined) throw new Refusal(`Ingress ${namespace}/${name}`, `there is no such port of a Service ${service.name}`);
      return { host, namespace, service: service.name, port: found.port };
    });
  });
}
