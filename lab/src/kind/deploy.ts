import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { runTool, showTool } from '../run-tool.ts';
import { awaitUp } from './await-up.ts';
import { BREWS, ENGINES_NAMESPACE, PROCESS_SELECTOR } from './brews.ts';
import { CLUSTER, CONTEXT, kubectl, kubectlJson, requireCluster } from './cluster.ts';
import { componentsOf } from './layers.ts';
import { METRICS_SERVER, applyMetricsServer } from './metrics-server.ts';
import { prune } from './prune.ts';

export interface DeployOptions {
  /** Names of layers. */
  layers: readonly string[];
  onProgress: (message: string) => void;
}

const MANIFESTS = join(ROOT, 'deploy/k8s');
const LOGGING_NAMESPACE = 'doubleshot-logging';

/** Images as they are built now. */
export const IMAGES: readonly string[] = BREWS.flatMap(({ processes }) => processes.map((process) => `doubleshot/${process}:dev`));

/** Brings both brews, their engines and the layers into the cluster; resolves when all is up. A deploy after another replaces every process, one replica after the other. */
export async function deploy({ layers, onProgress }: DeployOptions): Promise<void> {
  await requireCluster();
  onProgress('building the images');
  await showTool(process.execPath, [join(ROOT, 'scripts/build-images.ts'), ...BREWS.flatMap(({ processes }) => processes)]);
  onProgress('loading the images into the cluster');
  await loadImages(IMAGES);
  if (layers.includes('autoscaling')) {
    onProgress(`applying metrics-server ${METRICS_SERVER} from its repository`);
    await applyMetricsServer();
  }
  const replaces = await processesThere();
  onProgress(`applying the manifests${layers.length === 0 ? '' : ` with ${layers.join(', ')}`}`);
  const manifests = await runTool(process.execPath, [join(MANIFESTS, 'combine.ts'), 'kind', ...componentsOf(layers)]);
  // First: an autoscaler that is to go would raise the replicas once more, and they would stay.
  await prune(manifests);
  await kubectl(['apply', '--server-side', '--force-conflicts', '--filename=-'], { input: manifests });
  onProgress('making the Secrets; those that are there stay');
  await runTool(process.execPath, [join(MANIFESTS, 'kind/secrets.ts'), `--context=${CONTEXT}`]);
  // Of an image with the same name nothing shows that it is new.
  for (const { namespace } of replaces) await kubectl(['rollout', 'restart', 'deployment', '--selector', PROCESS_SELECTOR, '--namespace', namespace]);
  await awaitUp({ namespaces: [...BREWS.map(({ namespace }) => namespace), ENGINES_NAMESPACE, LOGGING_NAMESPACE], onProgress });
}

/** Puts images of this machine onto the node. */
export async function loadImages(references: readonly string[]): Promise<void> {
  await runTool('kind', ['load', 'docker-image', ...references, '--name', CLUSTER]);
}

async function processesThere(): Promise<{ namespace: string }[]> {
  const { items } = await kubectlJson<{ items: { metadata: { namespace: string } }[] }>('get', 'deployments', '--all-namespaces', '--selector', PROCESS_SELECTOR);
  return BREWS.filter(({ namespace }) => items.some(({ metadata }) => metadata.namespace === namespace));
}
