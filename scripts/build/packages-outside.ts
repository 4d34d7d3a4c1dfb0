import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';
import { ROOT } from './root.ts';

/** A package is loaded at run time where the bundle finds the same copy of it as its importer; a copy that only the importer finds is bundled. */
export const keepPackagesOutside: Plugin = {
  name: 'keep packages outside',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@doubleshot/')) return undefined;
      if (isBuiltin(path)) return { path, external: true };
      return installedAt(packageName(path), resolveDir) === join(ROOT, 'node_modules', packageName(path)) ? { path, external: true } : undefined;
    });
  },
};

/** Names of the packages that a bundle loads at run time. */
export function packagesOutside({ outputs }: Metafile): ReadonlySet<string> {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  return new Set(imports.filter(({ path, external }) => external === true && !isBuiltin(path)).map(({ path }) => packageName(path)));
}

/** Where Node finds a package that is asked for by a file in `folder`. */
export function installedAt(name: string, folder: string): string | undefined {
  const candidate = join(folder, 'node_modules', name);
  if (existsSync(candidate)) return candidate;
  return dirname(folder) === folder ? undefined : installedAt(name, dirname(folder));
}

function isBuiltin(path: string): boolean {
  return path.startsWith('node:') || builtinModules.includes(path);
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
