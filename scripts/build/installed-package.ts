import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PackageFile {
  name: string;
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

export function readPackage(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile;
}

/** Where Node finds a package that is asked for by a file in `folder`. */
export function installedAt(name: string, folder: string): string | undefined {
  const candidate = join(folder, 'node_modules', name);
  if (existsSync(candidate)) return candidate;
  return dirname(folder) === folder ? undefined : installedAt(name, dirname(folder));
}

/** The folder of the package that a file belongs to, or undefined for a file of our own. */
export function packageFolderOf(path: string): string | undefined {
  return /^.*\bnode_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

/** Of a specifier: `pg`, `@opentelemetry/core/testing`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
