import { kubectl } from './cluster.ts';

/** A release of https://github.com/kubernetes-sigs/metrics-server. Autoscalers ask it how much CPU is used. */
export const METRICS_SERVER = 'v0.8.1';
const MANIFEST = `https://github.com/kubernetes-sigs/metrics-server/releases/download/${METRICS_SERVER}/components.yaml`;
/** Nodes of kind have certificates that nobody signed. */
const INSECURE = [{ op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--kubelet-insecure-tls' }];

export async function applyMetricsServer(): Promise<void> {
  await kubectl(['apply', '--server-side', '--force-conflicts', `--filename=${MANIFEST}`]);
  await kubectl(['patch', 'deployment', 'metrics-server', '--namespace', 'kube-system', '--type=json', `--patch=${JSON.stringify(INSECURE)}`]);
  await kubectl(['rollout', 'status', 'deployment', 'metrics-server', '--namespace', 'kube-system', '--timeout=180s']);
}
