import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { installedAt, packageName, readPackage } from './installed-package.ts';
import { ROOT } from './root.ts';

const RESOLVING = Symbol('resolving');

interface Lockfile {
  packages: Record<string, { version?: string }>;
}

/** npm may install one version of a package in several folders: all of them are bundled from the first. */
export const oneCopyOfEachPackage: Plugin = {
  name: 'one copy of each package',
  setup: ({ onResolve, resolve }) => {
    const copies = installedTwice();
    const names = new Set([...copies.keys()].map((version) => version.slice(0, version.lastIndexOf('@'))));
    onResolve({ filter: new RegExp(`^(${[...names].join('|')})(/|$)`) }, ({ path, pluginData, importer, resolveDir, kind }) => {
      const name = packageName(path);
      const folder = installedAt(name, resolveDir);
      const first = folder === undefined ? undefined : copies.get(`${name}@${readPackage(folder).version}`);
      return first === undefined || pluginData === RESOLVING ? undefined : resolve(path, { importer, resolveDir: join(ROOT, first), kind, pluginData: RESOLVING });
    });
  },
};

/** By name and version of each package that is in several folders, the first of them. */
function installedTwice(): ReadonlyMap<string, string> {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile;
  const folders = Object.entries(packages).map(([folder, { version }]) => [`${folder.split('node_modules/').at(-1)}@${version}`, folder] as const);
  const byVersion = Map.groupBy(folders, ([version]) => version);
  return new Map([...byVersion].flatMap(([version, [first, second]]) => (first === undefined || second === undefined ? [] : [[version, first[1]]])));
}
