import type { SecretManifest } from '../../../deploy/k8s/kind/secret-manifests.ts';
import type { Manifest } from '../../../deploy/k8s/manifest.ts';
import { Refusal } from './refusal.ts';

/** What ConfigMaps and Secrets of one namespace hold. */
export interface Settings {
  /** Everything of one; throws a {@link Refusal} where there is none. */
  all(kind: 'ConfigMap' | 'Secret', name: string): Readonly<Record<string, string>>;
  /** One value; throws a {@link Refusal} where there is none. */
  one(kind: 'ConfigMap' | 'Secret', name: string, key: string): string;
}

export function settingsOf(namespace: string, objects: readonly Manifest[], secrets: readonly SecretManifest[]): Settings {
  const all: Settings['all'] = (kind, name) => {
    const inIt = (each: Manifest | SecretManifest): boolean => each.kind === kind && each.metadata.namespace === namespace && each.metadata.name === name;
    const data = kind === 'Secret' ? secrets.find(inIt)?.stringData : objects.find(inIt)?.data;
    if (data === undefined) throw new Refusal(`${kind} ${namespace}/${name}`, 'there is none, or it has no text');
    return data;
  };
  return {
    all,
    one: (kind, name, key) => {
      const value = all(kind, name)[key];
      if (value === undefined) throw new Refusal(`${kind} ${namespace}/${name}`, `it has no key ${key}`);
      return value;
    },
  };
}
