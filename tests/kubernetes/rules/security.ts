import type { Container, SecurityContext } from '../../../deploy/k8s/manifest.ts';
import { chooses, faultsOfContainers, ofKind, workloadsOf, type Workload } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** Reads files of the node, as root, in a namespace of its own. */
const SHIPPER = 'doubleshot-logging/filebeat';
/** They write into their own folders, beside files that they need. */
const WRITABLE = ['doubleshot-engines/elasticsearch', 'doubleshot-engines/logstash', 'doubleshot-engines/kibana'];
const RESTRICTED_VOLUMES = ['configMap', 'emptyDir', 'projected', 'secret', 'name'];

const isShipper = ({ name }: Workload, container: Container): boolean => name === SHIPPER && container.name === 'filebeat';

export const SECURITY_RULES: readonly Rule[] = [
  {
    name: 'every container runs as a user that is not root, by its number',
    faults: (objects) =>
      faultsOfContainers(objects, (container, workload) => {
        const { runAsNonRoot, runAsUser = 0 }: SecurityContext = { ...workload.pod.securityContext, ...container.securityContext };
        return (runAsNonRoot === true && runAsUser > 0) || isShipper(workload, container) ? undefined : `${container.name} may run as root`;
      }),
  },
  {
    name: 'no container can gain a right: no capability, no escalation, the seccomp profile of the runtime',
    faults: (objects) =>
      faultsOfContainers(objects, (container, workload) => {
        const { allowPrivilegeEscalation, capabilities, seccompProfile, privileged }: SecurityContext = { ...workload.pod.securityContext, ...container.securityContext };
        const added = isShipper(workload, container) ? ['DAC_READ_SEARCH'] : [];
        const bare = capabilities?.drop?.join() === 'ALL' && (capabilities.add ?? []).join() === added.join();
        return bare && allowPrivilegeEscalation === false && privileged !== true && seccompProfile?.type === 'RuntimeDefault' ? undefined : `${container.name} has more rights than none`;
      }),
  },
  {
    name: 'the root of a container is read-only, but for the named ones',
    faults: (objects) =>
      faultsOfContainers(objects, ({ name, securityContext }, workload) =>
        securityContext?.readOnlyRootFilesystem === true || WRITABLE.includes(workload.name) ? undefined : `${name} can write to its root`),
  },
  {
    name: 'a pod sees nothing of its node',
    faults: (objects) =>
      workloadsOf(objects).flatMap(({ name, pod }) => {
        const volumes = (pod.volumes ?? []).filter((volume) => Object.keys(volume).some((type) => !RESTRICTED_VOLUMES.includes(type)));
        const ports = pod.containers.some(({ ports = [] }) => ports.some(({ hostPort }) => hostPort !== undefined));
        const sees = [pod.hostNetwork, pod.hostPID, pod.hostIPC].includes(true) || ports || (volumes.length > 0 && name !== SHIPPER);
        return sees ? [`${name} sees its node`] : [];
      }),
  },
  {
    name: 'no pod has an account with the cluster, or addresses of Services among its variables',
    faults: (objects) =>
      workloadsOf(objects).filter(({ pod }) => pod.automountServiceAccountToken !== false || pod.enableServiceLinks !== false).map(({ name }) => `${name} has a token or service links`),
  },
  {
    name: 'every namespace enforces the restricted standard, but that of the shipper, where nothing else is',
    faults: (objects) => [
      ...ofKind(objects, 'Namespace')
        .filter(({ metadata: { name, labels } }) => labels?.['pod-security.kubernetes.io/enforce'] !== (name === 'doubleshot-logging' ? 'privileged' : 'restricted'))
        .map(({ metadata }) => `${metadata.name} enforces something else`),
      ...workloadsOf(objects).filter(({ name, namespace }) => namespace === 'doubleshot-logging' && name !== SHIPPER).map(({ name }) => `${name} is in the namespace of the shipper`),
    ],
  },
  {
    name: 'every pod of ours is in a namespace that is among the objects',
    faults: (objects) => {
      const namespaces = ofKind(objects, 'Namespace').map(({ metadata }) => metadata.name);
      return workloadsOf(objects).filter(({ namespace }) => !namespaces.includes(namespace)).map(({ name }) => `${name} has no namespace`);
    },
  },
  {
    name: 'in every namespace nothing may come in or go out unless a policy names it',
    faults: (objects) => {
      const policies = ofKind(objects, 'NetworkPolicy');
      const denying = policies.filter(({ spec }) => Object.keys(spec?.podSelector ?? { none: '' }).length === 0 && spec?.policyTypes?.toSorted().join() === 'Egress,Ingress');
      const denied = denying.map(({ metadata }) => metadata.namespace);
      const open = policies.filter(({ spec }) => [...(spec?.ingress ?? []), ...(spec?.egress ?? [])].some(({ from, to, ports = [] }) => (from ?? to ?? []).length === 0 || ports.length === 0));
      return [
        ...ofKind(objects, 'Namespace').filter(({ metadata }) => !denied.includes(metadata.name)).map(({ metadata }) => `${metadata.name} is open`),
        ...open.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name} names no peer or no port`),
      ];
    },
  },
  {
    name: 'every process has a policy of its own, for both ways',
    faults: (objects) => {
      const policies = ofKind(objects, 'NetworkPolicy').filter(({ spec }) => Object.keys(spec?.podSelector ?? {}).length > 0);
      return workloadsOf(objects)
        .filter(({ isProcess }) => isProcess)
        .filter(({ namespace, labels }) => !policies.some(({ metadata, spec }) => metadata.namespace === namespace && chooses(spec?.podSelector ?? {}, labels) && spec?.policyTypes?.length === 2))
        .map(({ name }) => `${name} has no policy`);
    },
  },
];
