import { z } from 'zod';

// Whatever is not named here is refused. What is read, but changes nothing in a rehearsal, has a line of why.

const anything = z.unknown().optional();
const Text = z.record(z.string(), z.string());
const Port = z.union([z.string(), z.int()]);
const Resources = z.strictObject({ cpu: z.string().optional(), memory: z.string() });

const Probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: Port }).optional(),
  tcpSocket: z.strictObject({ port: Port }).optional(),
  exec: z.strictObject({ command: z.array(z.string()).min(1) }).optional(),
  timeoutSeconds: z.int().min(1).default(1),
  // Asked until it agrees, within a time that leaves room for a busy machine.
  periodSeconds: z.int().optional(),
  failureThreshold: z.int().optional(),
});

const KeyOf = z.strictObject({ name: z.string(), key: z.string() });
const Variable = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z.strictObject({ configMapKeyRef: KeyOf.optional(), secretKeyRef: KeyOf.optional(), fieldRef: z.strictObject({ fieldPath: z.string() }).optional() }).optional(),
});

const Named = z.strictObject({ name: z.string() });

const Container = z.strictObject({
  name: z.string(),
  image: z.string(),
  // What is built or there already runs.
  imagePullPolicy: z.literal('IfNotPresent').optional(),
  command: z.array(z.string()).min(1).optional(),
  args: z.array(z.string()).default([]),
  env: z.array(Variable).default([]),
  envFrom: z.array(z.strictObject({ configMapRef: Named.optional(), secretRef: Named.optional() })).default([]),
  ports: z.array(z.strictObject({ name: z.string().optional(), containerPort: z.int() })).default([]),
  resources: z.strictObject({
    // For the scheduler: there is one machine.
    requests: Resources.optional(),
    limits: z.strictObject({ memory: z.string() }),
  }),
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string(), subPath: z.string().optional(), readOnly: z.boolean().default(false) })).default([]),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.boolean().default(true),
    readOnlyRootFilesystem: z.boolean().default(false),
    capabilities: z.strictObject({ drop: z.array(z.string()).default([]), add: z.array(z.string()).default([]) }).prefault({}),
  }),
  startupProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  // Nothing is replaced while requests come.
  lifecycle: z.strictObject({ preStop: z.strictObject({ sleep: z.strictObject({ seconds: z.int() }) }) }).optional(),
});

const items = z.array(z.strictObject({ key: z.string(), path: z.string() })).optional();
const OWNER_WRITES = 0o644;
const mode = z.int().optional();
const Source = z.strictObject({ configMap: z.strictObject({ name: z.string(), items }).optional(), secret: z.strictObject({ name: z.string(), items }).optional() });

const Volume = z.strictObject({
  name: z.string(),
  // A limit on what is written would need a disk of that size.
  emptyDir: z.strictObject({ sizeLimit: z.string().optional() }).optional(),
  configMap: z.strictObject({ name: z.string(), items, defaultMode: mode }).optional(),
  secret: z.strictObject({ secretName: z.string(), items, defaultMode: mode }).optional(),
  projected: z.strictObject({ sources: z.array(Source), defaultMode: mode }).optional(),
}).transform(({ name, emptyDir, configMap, secret, projected }) => ({
  name,
  isEmpty: emptyDir !== undefined,
  sources: [
    ...(configMap === undefined ? [] : [{ configMap: { name: configMap.name, items: configMap.items } }]),
    ...(secret === undefined ? [] : [{ secret: { name: secret.secretName, items: secret.items } }]),
    ...(projected?.sources ?? []),
  ],
  fileMode: (configMap ?? secret ?? projected)?.defaultMode ?? OWNER_WRITES,
}));

const Pod = z.strictObject({
  containers: z.array(Container).length(1, 'the rehearsal runs pods of one container'),
  initContainers: z.array(Container).default([]),
  volumes: z.array(Volume).default([]),
  securityContext: z.strictObject({
    runAsNonRoot: z.boolean().default(false),
    runAsUser: z.int().optional(),
    runAsGroup: z.int().optional(),
    fsGroup: z.int().optional(),
    // Volumes are new.
    fsGroupChangePolicy: z.string().optional(),
    // The engine's own.
    seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
  }),
  restartPolicy: z.literal('Never').optional(),
  terminationGracePeriodSeconds: z.int().default(30),
  // There is no cluster to have an account with, and no variable tells of a Service.
  automountServiceAccountToken: z.literal(false),
  enableServiceLinks: z.literal(false),
  // There is one machine.
  topologySpreadConstraints: anything,
});

const Metadata = z.object({ name: z.string(), namespace: z.string(), labels: Text.default({}) });
const Template = z.strictObject({ metadata: z.strictObject({ labels: Text }), spec: Pod });
/** Who is replaced by whom, and what is kept of it: nothing is replaced. */
const OF_ROLL_OUTS = { selector: anything, strategy: anything, revisionHistoryLimit: anything, podManagementPolicy: anything };

export const WORKLOADS = {
  Deployment: z.object({ metadata: Metadata, spec: z.strictObject({ ...OF_ROLL_OUTS, replicas: z.int().default(1), template: Template }) }),
  StatefulSet: z.object({
    metadata: Metadata,
    spec: z.strictObject({
      ...OF_ROLL_OUTS,
      replicas: z.int().default(1),
      template: Template,
      serviceName: z.string(),
      volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })).default([]),
    }),
  }),
  // It runs once: what happens after a failure or an hour does not happen.
  Job: z.object({
    metadata: Metadata,
    spec: z.strictObject({ completions: z.literal(1).optional(), backoffLimit: anything, activeDeadlineSeconds: anything, ttlSecondsAfterFinished: anything, template: Template }),
  }),
} as const;

export const SERVICE = z.object({
  metadata: Metadata,
  spec: z.strictObject({
    selector: Text,
    ports: z.array(z.strictObject({ name: z.string().optional(), port: z.int(), targetPort: Port })),
    clusterIP: z.literal('None').optional(),
    // A name leads to its pods from their start, whatever the Service would wait for.
    publishNotReadyAddresses: z.boolean().optional(),
  }),
});

const Backend = z.strictObject({ service: z.strictObject({ name: z.string(), port: z.strictObject({ name: z.string().optional(), number: z.int().optional() }) }) });
export const INGRESS = z.object({
  metadata: Metadata,
  spec: z.strictObject({
    ingressClassName: z.string(),
    rules: z.array(z.strictObject({ host: z.string(), http: z.strictObject({ paths: z.tuple([z.strictObject({ path: z.literal('/'), pathType: z.literal('Prefix'), backend: Backend })]) }) })),
  }),
});

export type PodTemplate = z.output<typeof Template>;
export type ContainerTemplate = z.output<typeof Container>;
export type ProbeTemplate = z.output<typeof Probe>;
export type VolumeTemplate = z.output<typeof Volume>;
export type ServiceTemplate = z.output<typeof SERVICE>;
