import { z } from 'zod';
import { kubectl, kubectlJson } from './cluster.ts';

/** What serves, or governs what serves. Data stays (claims, Secrets), and so do ConfigMaps: revisions that one may go back to name them. */
const KINDS = ['deployments', 'statefulsets', 'daemonsets', 'jobs', 'services', 'ingresses', 'networkpolicies', 'horizontalpodautoscalers', 'poddisruptionbudgets'];
const OURS = 'app.kubernetes.io/part-of=doubleshot';

const Objects = z.object({ items: z.array(z.object({ apiVersion: z.string(), kind: z.string(), metadata: z.object({ name: z.string(), namespace: z.string().optional() }) })) });
type Identity = z.infer<typeof Objects>['items'][number];

/** Removes what an earlier deploy had and these manifests, a list in JSON, have not; and every Job, for it cannot be changed. */
export async function prune(manifests: string): Promise<void> {
  const wanted = new Set(identitiesIn(JSON.parse(manifests)).filter(({ kind }) => kind !== 'Job').map(nameOf));
  const surplus = identitiesIn(await kubectlJson('get', KINDS.join(','), '--all-namespaces', '--selector', OURS)).filter((object) => !wanted.has(nameOf(object)));
  if (surplus.length > 0) await kubectl(['delete', '--ignore-not-found', '--filename=-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: surplus }) });
}

function identitiesIn(list: unknown): Identity[] {
  return Objects.parse(list).items;
}

function nameOf({ kind, metadata: { namespace = '', name } }: Identity): string {
  return `${kind} ${namespace}/${name}`;
}
