import { docker } from '../containers/docker.ts';
import { LabError } from '../errors.ts';
import { runTool, type RunToolOptions } from '../run-tool.ts';
import { requireTools } from './required-tools.ts';

export const CLUSTER = 'doubleshot';
/** As kind 0.33 was released with: both change together. */
export const NODE_IMAGE = 'kindest/node:v1.36.4';
/** What kind calls it in the file of kubectl. No other cluster is ever spoken to. */
export const CONTEXT = `kind-${CLUSTER}`;
const NODE = `${CLUSTER}-control-plane`;
const INGRESS_PORT = 80;

/** One node, whose port 80 is a port of this machine, and of nobody else's. JSON is YAML. */
export function clusterConfig(httpPort: number): string {
  return JSON.stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: [{ role: 'control-plane', image: NODE_IMAGE, extraPortMappings: [{ containerPort: INGRESS_PORT, hostPort: httpPort, listenAddress: '127.0.0.1', protocol: 'TCP' }] }],
  });
}

export function kubectl(args: readonly string[], options: RunToolOptions = {}): Promise<string> {
  return runTool('kubectl', ['--context', CONTEXT, ...args], options);
}

/** What kubectl says in JSON; the caller knows of what kind. */
export async function kubectlJson<Answer>(...args: string[]): Promise<Answer> {
  return JSON.parse(await kubectl([...args, '--output=json'])) as Answer;
}

export async function clusterIsThere(): Promise<boolean> {
  return (await runTool('kind', ['get', 'clusters'])).split('\n').includes(CLUSTER);
}

/** Throws what to install or to type when there is nothing to work with. */
export async function requireCluster(): Promise<void> {
  await requireTools();
  if (!(await clusterIsThere())) throw new LabError(`there is no cluster "${CLUSTER}": type \`make kind-up\` first`);
}

/** Where the ingress of the cluster is on this machine: that was decided when the cluster was made. */
export async function ingressPort(): Promise<number> {
  const answer = await docker(['port', NODE, `${INGRESS_PORT}/tcp`]);
  const port = /:(\d+)\s*$/m.exec(answer)?.[1];
  if (port === undefined) throw new LabError(`the cluster "${CLUSTER}" has no port of this machine: remove it with \`make kind-down\` and make it anew with \`make kind-up\``);
  return Number(port);
}
