import { kubectl } from './cluster.ts';

/** A release of https://github.com/nginx/kubernetes-ingress; its own manifests name the image of that release. */
export const INGRESS_CONTROLLER = 'v5.5.4';
export const INGRESS_NAMESPACE = 'nginx-ingress';

/** In the order of its guide (https://docs.nginx.com/nginx-ingress-controller/install/manifests/). As a DaemonSet it takes port 80 of the node. */
const FILES = [
  'deployments/common/ns-and-sa.yaml',
  'deployments/rbac/rbac.yaml',
  'deployments/common/nginx-config.yaml',
  'deployments/common/ingress-class.yaml',
  'deploy/crds.yaml',
  'deployments/daemon-set/nginx-ingress.yaml',
];

export async function applyIngressController(): Promise<void> {
  const urls = FILES.map((file) => `https://raw.githubusercontent.com/nginx/kubernetes-ingress/${INGRESS_CONTROLLER}/${file}`);
  // On the server's side: its definitions of kinds are longer than an annotation may be.
  await kubectl(['apply', '--server-side', '--force-conflicts', ...urls.map((url) => `--filename=${url}`)]);
}
