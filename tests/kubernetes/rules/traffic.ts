import type { Labels, Manifest, Peer } from '../../../deploy/k8s/manifest.ts';
import { chooses, ofKind, workloadsOf } from '../workloads.ts';
import { addressesOf, faultsOfAddress } from './addresses.ts';
import { ENGINES, OTHERS, allows, flowsOf, hasEngines, isPeer, placeOf, placesOf, type Place } from './flows.ts';
import type { Rule } from './rule.ts';

const STRANGER: Place = { namespace: 'default', labels: {} };
/** A block of addresses that is no larger than the largest private one. */
const LARGEST_BLOCK = 8;

/** Why a peer is not one that is known: anybody, everybody in a namespace of ours, addresses that are not of an engine outside. */
function loosenessOf(objects: readonly Manifest[], namespace: string, peer: Peer): string | undefined {
  if (peer.ipBlock !== undefined) return hasEngines(objects) || Number(peer.ipBlock.cidr.split('/')[1]) < LARGEST_BLOCK ? 'addresses' : undefined;
  const { namespaceSelector } = peer;
  if (namespaceSelector !== undefined && isPeer(objects, { namespaceSelector }, { from: namespace, place: STRANGER })) return 'foreign namespaces';
  // Who runs engines there has pods that nobody here knows.
  const ours = workloadsOf(objects).filter((workload) => workload.namespace !== ENGINES || hasEngines(objects));
  const isEverybody = Object.keys(peer.podSelector ?? {}).length === 0 && ours.some((workload) => isPeer(objects, peer, { from: namespace, place: placeOf(workload) }));
  return isEverybody ? 'a whole namespace' : undefined;
}

export const TRAFFIC_RULES: readonly Rule[] = [
  {
    name: 'every policy is for pods that there are, and names peers that there are',
    faults: (objects) =>
      ofKind(objects, 'NetworkPolicy').flatMap((policy) => {
        const { name, namespace = '' } = policy.metadata;
        const own = placesOf(objects).some((place) => place.namespace === namespace && chooses(policy.spec?.podSelector ?? {}, place.labels));
        const strangers = flowsOf(policy).flatMap(({ peers }) => peers).filter((peer) => peer.ipBlock === undefined && !placesOf(objects).some((place) => isPeer(objects, peer, { from: namespace, place })));
        return [...(own ? [] : [`${namespace}/${name} is for nobody`]), ...strangers.map((peer) => `${namespace}/${name} names a peer that there is not: ${JSON.stringify(peer)}`)];
      }),
  },
  {
    name: 'no policy lets anybody in or out who is not known: no foreign pod, no whole namespace of ours, no addresses but those of engines outside',
    faults: (objects) =>
      ofKind(objects, 'NetworkPolicy').flatMap((policy) => {
        const { name, namespace = '' } = policy.metadata;
        return flowsOf(policy).flatMap(({ peers }) => peers).flatMap((peer) => loosenessOf(objects, namespace, peer) ?? []).map((what) => `${namespace}/${name} names ${what}`);
      }),
  },
  {
    name: 'every port that a policy opens is one that somebody listens at, at either end',
    faults: (objects) =>
      ofKind(objects, 'NetworkPolicy').flatMap(({ metadata: { name, namespace = '' }, spec }) => {
        const own = placesOf(objects).filter((place) => place.namespace === namespace && chooses(spec?.podSelector ?? {}, place.labels));
        const coming = (spec?.ingress ?? []).map(({ ports = [] }) => ({ ports, listeners: own }));
        const going = (spec?.egress ?? [])
          .filter(({ to = [] }) => !to.some(({ ipBlock }) => ipBlock !== undefined))
          .map(({ ports = [], to = [] }) => ({ ports, listeners: placesOf(objects).filter((place) => to.some((peer) => isPeer(objects, peer, { from: namespace, place }))) }));
        return [...coming, ...going].flatMap(({ ports, listeners }) => ports.filter(({ port }) => !listeners.some((place) => place.ports?.includes(port) ?? true)).map(({ port }) => `${namespace}/${name} opens ${port}`));
      }),
  },
  {
    name: 'whatever a program is told to speak to is a Service, and policies at both ends let it pass',
    faults: (objects) => addressesOf(objects).flatMap((address) => faultsOfAddress(objects, address)),
  },
  {
    name: 'the way in is open to the ingress controller or the Gateway, at the port of requests alone',
    faults: (objects) => {
      const entries = workloadsOf(objects).filter(({ isProcess, object: { metadata: { name } } }) => isProcess && ['gateway', 'monolith'].includes(name)).map(placeOf);
      const namespace = ofKind(objects, 'Ingress').length > 0 ? 'nginx-ingress' : 'nginx-gateway';
      const controller: Place = { namespace, labels: OTHERS[namespace]?.labels as Labels };
      return entries.flatMap((entry) => [
        ...(allows(objects, 'ingress', { of: entry, other: controller, port: 8080 }) ? [] : [`${entry.namespace} is closed`]),
        ...(allows(objects, 'ingress', { of: entry, other: controller, port: 9090 }) || allows(objects, 'ingress', { of: entry, other: STRANGER, port: 8080 }) ? [`${entry.namespace} is open`] : []),
      ]);
    },
  },
  {
    name: 'Prometheus may reach every process at its ops port, under the names that it looks up',
    faults: (objects) => {
      const prometheus = workloadsOf(objects).find(({ name }) => name === `${ENGINES}/prometheus`);
      if (prometheus === undefined) return [];
      const asked = addressesOf(objects).filter(({ from }) => from.name === prometheus.name).map(({ host, port }) => `${host}:${port}`);
      return workloadsOf(objects)
        .filter(({ isProcess }) => isProcess)
        .filter(({ labels, namespace }) => !asked.includes(`${labels['app.kubernetes.io/name'] ?? ''}-ops.${namespace}.svc.cluster.local:9090`))
        .map(({ name }) => `${name} is not scraped`);
    },
  },
];
