import { requireFreePort } from '../backends/free-port.ts';
import { showTool } from '../run-tool.ts';
import { awaitUp } from './await-up.ts';
import { CLUSTER, NODE_IMAGE, clusterConfig, clusterIsThere } from './cluster.ts';
import { INGRESS_CONTROLLER, INGRESS_NAMESPACE, applyIngressController } from './ingress-controller.ts';
import { requireTools } from './required-tools.ts';

export interface UpOptions {
  /** Of the ingress on this machine; a cluster that is there keeps its own. `variable` is named in the message when it is taken. */
  port: { http: number; variable: string };
  onProgress: (message: string) => void;
}

/** Makes the cluster with its ingress controller, as far as it is not there; resolves when the controller is up. */
export async function bringUpCluster({ port, onProgress }: UpOptions): Promise<void> {
  await requireTools();
  if (await clusterIsThere()) {
    onProgress(`the cluster "${CLUSTER}" is there already`);
  } else {
    await requireFreePort(port.http, port.variable);
    onProgress(`making the cluster "${CLUSTER}" of ${NODE_IMAGE}: the first time its image is fetched`);
    await showTool('kind', ['create', 'cluster', '--name', CLUSTER, '--wait', '180s', '--config=-'], { input: clusterConfig(port.http) });
  }
  onProgress(`applying F5 NGINX Ingress Controller ${INGRESS_CONTROLLER} from its repository`);
  await applyIngressController();
  await awaitUp({ namespaces: [INGRESS_NAMESPACE], onProgress });
}

/** Removes the cluster and all that is in it, volumes too. Images stay with Docker. */
export async function removeCluster(): Promise<void> {
  await requireTools();
  await showTool('kind', ['delete', 'cluster', '--name', CLUSTER]);
}
