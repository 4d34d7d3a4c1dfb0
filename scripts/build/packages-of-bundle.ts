import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { packageFolderOf, readPackage } from './installed-package.ts';
import { ROOT } from './root.ts';

/** These load machine code, which cannot be bundled: the build fails at one that is missing here. Services that use one declare it. */
export const NATIVE_PACKAGES = ['@node-rs/argon2'] as const;

export interface PackagesOfBundle {
  /** Folders of those that the bundle holds code of. */
  inside: readonly string[];
  /** Names of those that it needs beside itself: a service declares them, and the bundle holds no code of them, for they are native or read as files. */
  beside: readonly string[];
  /** Names of all that our own code depends on. */
  direct: readonly string[];
}

/** What has become of the packages of a process. */
export function packagesOfBundle({ inputs, outputs }: Metafile): PackagesOfBundle {
  const bundled = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const inside = [...new Set(bundled.flatMap((path) => packageFolderOf(join(ROOT, path)) ?? []))].sort();
  const names = new Set(inside.map((folder) => readPackage(folder).name));
  const declaredBelow = (room: string): string[] => declaredBy(Object.keys(inputs).filter((path) => path.startsWith(`${room}/`)));
  const beside = declaredBelow('services').filter((name) => !names.has(name));
  return { inside, beside, direct: [...new Set([...declaredBelow('libs').filter((name) => names.has(name)), ...declaredBelow('services')])].sort() };
}

/** What those of our own packages depend on that these files belong to; our own aside. */
function declaredBy(files: readonly string[]): string[] {
  const folders = new Set(files.map((path) => path.split('/', 2).join('/')));
  const names = [...folders].flatMap((folder) => Object.keys(readPackage(join(ROOT, folder)).dependencies ?? {}));
  return [...new Set(names)].filter((name) => !name.startsWith('@doubleshot/'));
}
