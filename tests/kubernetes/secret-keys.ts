import { createSecretManifests } from '../../deploy/k8s/kind/secret-manifests.ts';

/** What deploy/k8s/kind/secrets.ts makes, with a password that is easy to find. */
export const SECRETS = createSecretManifests({ existing: new Map(), password: () => 'hunter2hunter2hunter2' });

/** The keys of a Secret that the script makes; nothing when it makes none of that name. */
export function keysOfSecret(namespace: string, name: string): readonly string[] | undefined {
  const found = SECRETS.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  return found === undefined ? undefined : Object.keys(found.stringData);
}
