/** What is read of an object of Kubernetes; there is more in it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: Spec;
  data?: Record<string, string>;
}

export interface Metadata {
  name: string;
  namespace?: string;
  labels?: Labels;
  annotations?: Record<string, string>;
}

export type Labels = Record<string, string>;

export interface LabelSelector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Of every kind that has one. */
export interface Spec {
  replicas?: number;
  selector?: LabelSelector | Labels;
  template?: PodTemplate;
  strategy?: { type?: string; rollingUpdate?: { maxUnavailable?: number | string; maxSurge?: number | string } };
  volumeClaimTemplates?: { metadata: { name: string }; spec: { resources: { requests: { storage: string } } } }[];
  serviceName?: string;
  backoffLimit?: number;
  completions?: number;
  parallelism?: number;
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
  clusterIP?: string;
  /** Of a Service. */
  type?: string;
  externalIPs?: string[];
  ports?: ServicePort[];
  podSelector?: LabelSelector;
  policyTypes?: string[];
  ingress?: Flow[];
  egress?: Flow[];
  ingressClassName?: string;
  gatewayClassName?: string;
  rules?: RoutingRule[];
  /** Of an Ingress. */
  tls?: { hosts?: string[]; secretName?: string }[];
  /** Of an HTTPRoute. */
  hostnames?: string[];
  /** Of a Gateway. */
  listeners?: { protocol: string; hostname?: string; tls?: { certificateRefs?: { name: string }[] } }[];
  scaleTargetRef?: { kind: string; name: string };
  minReplicas?: number;
  maxReplicas?: number;
  metrics?: Metric[];
  behavior?: { scaleDown?: ScalingRules };
}

/** How an autoscaler adds or takes away. */
export interface ScalingRules {
  stabilizationWindowSeconds?: number;
  policies?: { type: string; value: number; periodSeconds: number }[];
}

/** Of an Ingress (`http`) or an HTTPRoute (`matches`, `backendRefs`). */
export interface RoutingRule {
  host?: string;
  http?: { paths: { path?: string; pathType?: string; backend: { service: { name: string; port: { name?: string; number?: number } } } }[] };
  matches?: { path?: { type?: string; value?: string } }[];
  backendRefs?: { name: string; port: number }[];
}

export interface Metric {
  type: string;
  resource?: { name: string };
  external?: { metric: { name: string; selector?: LabelSelector } };
}

export interface ServicePort {
  name: string;
  port: number;
  targetPort: number | string;
}

/** One rule of a NetworkPolicy. */
export interface Flow {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number; protocol?: string }[];
}

export interface Peer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string };
}

export interface PodTemplate {
  metadata: { labels?: Labels };
  spec: PodSpec;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  securityContext?: SecurityContext;
  automountServiceAccountToken?: boolean;
  enableServiceLinks?: boolean;
  terminationGracePeriodSeconds?: number;
  topologySpreadConstraints?: { topologyKey: string; labelSelector?: LabelSelector }[];
  restartPolicy?: string;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
}

export interface SecurityContext {
  runAsNonRoot?: boolean;
  runAsUser?: number;
  fsGroup?: number;
  seccompProfile?: { type: string };
  allowPrivilegeEscalation?: boolean;
  readOnlyRootFilesystem?: boolean;
  capabilities?: { drop?: string[]; add?: string[] };
  privileged?: boolean;
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  command?: string[];
  env?: Variable[];
  envFrom?: object[];
  ports?: { name: string; containerPort: number; hostPort?: number }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  lifecycle?: { preStop?: { sleep?: { seconds: number } } };
  securityContext?: SecurityContext;
  volumeMounts?: { name: string; mountPath: string; subPath?: string; readOnly?: boolean }[];
}

export interface Variable {
  name: string;
  value?: string;
  valueFrom?: { configMapKeyRef?: { name: string; key: string }; secretKeyRef?: { name: string; key: string }; fieldRef?: { fieldPath: string } };
}

export interface Probe {
  httpGet?: { path: string; port: string | number };
  tcpSocket?: { port: string | number };
  exec?: { command: string[] };
}

interface Items {
  items?: { key: string; path: string }[];
}

export interface Volume {
  name: string;
  emptyDir?: object;
  hostPath?: { path: string };
  secret?: Items & { secretName: string };
  configMap?: Items & { name: string };
  projected?: { sources: { secret?: Items & { name: string }; configMap?: Items & { name: string } }[] };
}
