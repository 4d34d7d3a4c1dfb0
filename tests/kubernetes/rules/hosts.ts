import type { Manifest } from '../../../deploy/k8s/manifest.ts';
import { ofKind } from '../workloads.ts';
import { hasEngines } from './flows.ts';
import type { Rule } from './rule.ts';

/** Every host that something is reached by. */
function hostsOf(objects: readonly Manifest[]): string[] {
  return ofKind(objects, 'Ingress', 'HTTPRoute').flatMap(({ spec }) => [...(spec?.rules ?? []).flatMap(({ host }) => host ?? []), ...(spec?.hostnames ?? [])]);
}

/** Those that there is a certificate for. */
function securedHostsOf(objects: readonly Manifest[]): string[] {
  const ofIngresses = ofKind(objects, 'Ingress').flatMap(({ spec }) => (spec?.tls ?? []).flatMap(({ hosts = [], secretName }) => (secretName === undefined ? [] : hosts)));
  const ofGateways = ofKind(objects, 'Gateway').flatMap(({ spec }) => (spec?.listeners ?? []).flatMap(({ protocol, hostname, tls }) => (protocol === 'HTTPS' && tls?.certificateRefs?.length === 1 ? (hostname ?? []) : [])));
  return [...ofIngresses, ...ofGateways];
}

export const HOST_RULES: readonly Rule[] = [
  {
    name: 'every route has a host, and beside engines of others none that is of one machine or without a certificate',
    faults: (objects) => {
      const nameless = ofKind(objects, 'Ingress', 'HTTPRoute').filter(({ spec }) => (spec?.hostnames ?? []).length === 0 && (spec?.rules ?? []).some(({ host }) => host === undefined)).map(({ kind, metadata }) => `${kind} ${metadata.name} takes every host`);
      if (hasEngines(objects)) return nameless;
      const secured = securedHostsOf(objects);
      return [...nameless, ...hostsOf(objects).filter((host) => host.endsWith('localhost') || !secured.includes(host)).map((host) => `${host} is of one machine, or has no certificate`)];
    },
  },
];
