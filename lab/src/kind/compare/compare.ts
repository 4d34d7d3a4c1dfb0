import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docker } from '../../containers/docker.ts';
import { REPORT_FOLDER, ROOT } from '../../paths.ts';
import { createUndo } from '../../topology/undo.ts';
import { readEnvironment } from '../../environment.ts';
import { awaitUp } from '../await-up.ts';
import { kubectl, requireCluster } from '../cluster.ts';
import { loadImages } from '../deploy.ts';
import { parseFigures, type ClusterFigures } from './cluster-figures.ts';

const IMAGE = 'doubleshot/lab:dev';
const DOCKERFILE = join(ROOT, 'deploy/docker/Dockerfile.lab');
const MANIFESTS = join(ROOT, 'deploy/k8s/kind/compare');
const NAMESPACE = 'doubleshot-lab';

export interface ClusterComparison {
  figures: ClusterFigures;
  path: string;
}

/** Measures both brews by a Job beside them; takes it and what let it in away again. */
export async function compareInCluster(onProgress: (message: string) => void): Promise<ClusterComparison> {
  await requireCluster();
  onProgress('building the image of the lab');
  await buildImage();
  onProgress('loading it into the cluster');
  await loadImages([IMAGE]);
  const undo = createUndo();
  const remove = async (): Promise<void> => { await kubectl(['delete', '--kustomize', MANIFESTS, '--ignore-not-found']); };
  // A Job cannot be changed.
  await remove();
  undo.add(remove);
  try {
    onProgress('measuring: four turns of half a minute, and what leads up to them');
    await kubectl(['apply', '--server-side', '--kustomize', MANIFESTS]);
    await awaitUp({ namespaces: [NAMESPACE], onProgress });
    const figures = parseFigures(await kubectl(['logs', '--namespace', NAMESPACE, 'job/compare']));
    const path = join(REPORT_FOLDER, 'kind-compare.json');
    await mkdir(REPORT_FOLDER, { recursive: true });
    await writeFile(path, `${JSON.stringify(figures, null, 2)}\n`);
    return { figures, path };
  } finally {
    await undo.run();
  }
}

async function buildImage(): Promise<void> {
  // Who trusts further certificates on this machine does so in the build.
  const { NODE_EXTRA_CA_CERTS: certificates = '' } = readEnvironment();
  const secrets = certificates === '' ? [] : ['--secret', `id=extra_ca,src=${certificates}`];
  await docker(['build', '--quiet', '--file', DOCKERFILE, '--tag', IMAGE, ...secrets, ROOT], { env: { DOCKER_BUILDKIT: '1' } });
}
