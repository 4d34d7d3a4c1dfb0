import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { build, type OutputFile, type Plugin } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const PROCESSES = ['gateway', 'auth', 'orders', 'notifications', 'monolith'];
/** A process that was started from an older bundle may still load a part of it. */
const STALE_AFTER_MS = 3_600_000;
const BYTES_PER_KIB = 1_024;

/**
 * Bundles first-party code of every process to services/<name>/dist/{main,telemetry}.js and the parts they share: instrumentation works only on packages that
 * stay outside, and state of the preload must be that of the program.
 */
async function buildProcess(name: string): Promise<string> {
  const folder = join(ROOT, 'services', name);
  const dist = join(folder, 'dist');
  const { outputFiles } = await build({
    entryPoints: ['main', 'telemetry'].map((entry) => join(folder, 'src', `${entry}.ts`)),
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: 'linked',
    chunkNames: 'parts/[name]-[hash]',
    legalComments: 'none',
    plugins: [keepPackagesOutside],
    write: false,
    logLevel: 'silent',
  });
  await mkdir(join(dist, 'parts'), { recursive: true });
  await Promise.all(outputFiles.map(writeIfChanged));
  await removeStale(join(dist, 'parts'), new Set(outputFiles.map(({ path }) => path)));
  return describe(dist, outputFiles);
}

/** A package is loaded at run time where the bundle finds the same copy of it as its importer; a copy that only the importer finds is bundled. */
const keepPackagesOutside: Plugin = {
  name: 'keep packages outside',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@doubleshot/')) return undefined;
      if (path.startsWith('node:') || builtinModules.includes(path)) return { path, external: true };
      return installedAt(packageName(path), resolveDir) === join(ROOT, 'node_modules', packageName(path)) ? { path, external: true } : undefined;
    });
  },
};

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function installedAt(name: string, folder: string): string | undefined {
  const candidate = join(folder, 'node_modules', name);
  if (existsSync(candidate)) return candidate;
  return dirname(folder) === folder ? undefined : installedAt(name, dirname(folder));
}

// Renamed into place: a process that starts meanwhile reads a whole file.
async function writeIfChanged({ path, contents }: OutputFile): Promise<void> {
  if (existsSync(path) && (await readFile(path)).equals(contents)) return;
  const whole = `${path}.${process.pid}`;
  await writeFile(whole, contents);
  await rename(whole, path);
}

async function removeStale(folder: string, current: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!current.has(path) && Date.now() - (await stat(path)).mtimeMs > STALE_AFTER_MS) await rm(path, { force: true });
  }
}

function describe(dist: string, files: readonly OutputFile[]): string {
  const code = files.filter(({ path }) => path.endsWith('.js'));
  const size = (file: OutputFile): string => `${(file.contents.length / BYTES_PER_KIB).toFixed(1)} KiB`;
  const entries = code.filter(({ path }) => dirname(path) === dist).map((file) => `${basename(file.path)} ${size(file)}`);
  const total = code.reduce((sum, { contents }) => sum + contents.length, 0);
  return `${relative(ROOT, dist).padEnd(28)}${(total / BYTES_PER_KIB).toFixed(1).padStart(8)} KiB in ${code.length} files (${entries.join(', ')})`;
}

/** Those named on the command line, all unless told. */
function processesToBuild(names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !PROCESSES.includes(name));
  if (unknown !== undefined) throw new Error(`there is no process "${unknown}", only ${PROCESSES.join(', ')}`);
  return names.length === 0 ? PROCESSES : names;
}

const startedMs = performance.now();
try {
  for (const line of await Promise.all(processesToBuild(process.argv.slice(2)).map(buildProcess))) process.stdout.write(`${line}\n`);
  process.stdout.write(`built in ${Math.round(performance.now() - startedMs)} ms\n`);
} catch (error) {
  process.stderr.write(`the build failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
