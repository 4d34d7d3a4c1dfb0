// node scripts/pack.ts <process> <folder> [adapters] [root]: all that the process needs at run time and nothing else, for deploy/docker/Dockerfile.
// Packages come from the node_modules of `root`, which may be installed for another machine; this one's unless told.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleProcess } from './build/bundle-process.ts';
import { adaptersOf, leaveOut } from './build/leave-out.ts';
import { packageClosure, readPackage } from './build/package-closure.ts';
import { packagesOutside } from './build/packages-outside.ts';
import { needsOf } from './build/needs-of.ts';
import { processesNamed, type ProcessName } from './build/processes.ts';
import { ROOT } from './build/root.ts';

// Types, source maps and manuals; licences stay.
const UNUSED_FILE = /\.(map|ts|mts|cts|flow|md|markdown)$/;
const UNUSED_FOLDER = /^(tests?|__tests__|docs|examples?|benchmarks?|coverage|\.github)$/;

interface Pack {
  folder: string;
  adapterList: string;
  root: string;
}

async function pack(name: ProcessName, { folder, adapterList, root }: Pack): Promise<void> {
  const plugins = [leaveOut({ needs: needsOf(name), adapters: adaptersOf(adapterList, name) })];
  const { outputFiles, metafile } = await bundleProcess(name, { outdir: join(folder, 'dist'), sourcemap: false, plugins });
  for (const { path, contents } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
  const packages = new Set([...packagesOutside(metafile), ...declaredPackages(metafile)]);
  const closure = packageClosure(packages, root);
  for (const from of closure) await copyPackage(from, join(folder, relative(root, from)));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest(name, packages), null, 2)}\n`);
  process.stdout.write(`packed ${name} into ${folder}: ${closure.length} packages, loaded by the bundle: ${[...packages].sort().join(', ')}\n`);
}

/** What the services in a bundle depend on: some of it (files of a package that are read) no import tells. */
function declaredPackages({ inputs }: Metafile): string[] {
  const services = new Set(Object.keys(inputs).flatMap((path) => /^services\/[^/]+/.exec(path) ?? []));
  return [...services].flatMap((service) => Object.keys(readPackage(join(ROOT, service)).dependencies ?? {})).filter((name) => !name.startsWith('@doubleshot/'));
}

async function copyPackage(from: string, to: string): Promise<void> {
  const isUsed = (path: string): boolean => {
    const inside = relative(from, path);
    return !UNUSED_FOLDER.test(inside) && !UNUSED_FILE.test(inside) && basename(inside) !== 'node_modules';
  };
  await cp(from, to, { recursive: true, filter: isUsed });
}

function manifest(name: string, packages: ReadonlySet<string>): object {
  const { version } = readPackage(join(ROOT, 'services', name));
  const dependencies = Object.fromEntries([...packages].sort().map((each) => [each, readPackage(join(ROOT, 'node_modules', each)).version]));
  return { name: `doubleshot-${name}`, version, private: true, license: 'Apache-2.0', type: 'module', dependencies };
}

const [wanted = '', folder = '', adapterList = '', root = ROOT] = process.argv.slice(2);
const [name] = processesNamed([wanted]);
if (name === undefined || folder === '') throw new Error('usage: node scripts/pack.ts <process> <folder> [adapters] [root]');
await pack(name, { folder, adapterList, root });
