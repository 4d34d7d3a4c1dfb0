import { installedAt, readPackage } from './installed-package.ts';
import { ROOT } from './root.ts';

/** Folders of these packages and of all they depend on, as far as they are installed below `root`: optional ones for one platform. Throws when one of `names` is not. */
export function packageClosure(names: Iterable<string>, root: string = ROOT): readonly string[] {
  const folders = new Set<string>();
  const waiting = Array.from(names, (name) => {
    const folder = installedAt(name, root);
    if (folder === undefined) throw new Error(`${name} is not installed`);
    return folder;
  });
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (folders.has(folder)) continue;
    folders.add(folder);
    waiting.push(...dependenciesOf(folder));
  }
  return [...folders].sort();
}

function dependenciesOf(folder: string): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = readPackage(folder);
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).flatMap((name) => installedAt(name, folder) ?? []);
}
