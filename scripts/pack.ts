// node scripts/pack.ts <process> <folder> [adapters] [root]: what deploy/docker/Dockerfile puts into an image, in <folder>/app, and in <folder>/bill the package files
// of all that went into it, for `npm sbom`. Packages come from the node_modules of `root`, which may be installed for another machine; this one's unless told.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { bundleProcess } from './build/bundle-process.ts';
import { installedAt, readPackage } from './build/installed-package.ts';
import { adaptersOf, leaveOut } from './build/leave-out.ts';
import { needsOf } from './build/needs-of.ts';
import { packageClosure } from './build/package-closure.ts';
import { packagesOfBundle } from './build/packages-of-bundle.ts';
import { processesNamed, type ProcessName } from './build/processes.ts';
import { ROOT } from './build/root.ts';
import { thirdPartyLicenses } from './build/third-party-licenses.ts';

// Types, source maps and manuals; licences stay.
const UNUSED_FILE = /\.(map|ts|mts|cts|flow|md|markdown)$/;
const UNUSED_FOLDER = /^(tests?|__tests__|docs|examples?|benchmarks?|coverage|\.github)$/;

interface Pack {
  folder: string;
  adapterList: string;
  root: string;
}

async function pack(name: ProcessName, { folder, adapterList, root }: Pack): Promise<void> {
  const [app, bill] = [join(folder, 'app'), join(folder, 'bill')];
  const plugins = [leaveOut({ needs: needsOf(name), adapters: adaptersOf(adapterList, name) })];
  const { outputFiles, metafile } = await bundleProcess(name, { outdir: join(app, 'dist'), sourcemap: false, plugins });
  const { inside, beside, direct } = packagesOfBundle(metafile);
  for (const { path, text } of outputFiles) await write(path, text);
  for (const from of packageClosure(beside, root)) await copyPackage(from, join(app, relative(root, from)));
  for (const from of packageClosure(direct, root)) await write(join(bill, relative(root, from), 'package.json'), JSON.stringify(readPackage(from)));
  await write(join(app, 'package.json'), manifest(name, beside));
  await write(join(bill, 'package.json'), manifest(name, direct));
  await write(join(app, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(inside));
  process.stdout.write(`packed ${name} into ${app}: ${inside.length} packages in the bundle, beside it ${beside.join(', ') || 'none'}\n`);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function copyPackage(from: string, to: string): Promise<void> {
  const isUsed = (path: string): boolean => {
    const inside = relative(from, path);
    return !UNUSED_FOLDER.test(inside) && !UNUSED_FILE.test(inside) && basename(inside) !== 'node_modules';
  };
  await cp(from, to, { recursive: true, filter: isUsed });
}

function manifest(name: string, packages: readonly string[]): string {
  const { version } = readPackage(join(ROOT, 'services', name));
  const dependencies = Object.fromEntries(packages.map((each) => [each, readPackage(installedAt(each, ROOT) ?? '').version]));
  return JSON.stringify({ name: `doubleshot-${name}`, version, private: true, license: 'Apache-2.0', type: 'module', dependencies }, null, 2);
}

const [wanted = '', folder = '', adapterList = '', root = ROOT] = process.argv.slice(2);
const [name] = processesNamed([wanted]);
if (name === undefined || folder === '') throw new Error('usage: node scripts/pack.ts <process> <folder> [adapters] [root]');
await pack(name, { folder, adapterList, root });
