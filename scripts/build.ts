import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { bundleProcess, type BundleFile } from './build/bundle-process.ts';
import { processesNamed } from './build/processes.ts';
import { ROOT } from './build/root.ts';

/** A process that was started from an older bundle may still load a part of it. */
const STALE_AFTER_MS = 3_600_000;
const BYTES_PER_KIB = 1_024;

/** Bundles a process to services/<name>/dist. */
async function buildProcess(name: string): Promise<string> {
  const dist = join(ROOT, 'services', name, 'dist');
  const { outputFiles } = await bundleProcess(name, { outdir: dist, sourcemap: true });
  await mkdir(join(dist, 'parts'), { recursive: true });
  await Promise.all(outputFiles.map(writeIfChanged));
  await removeStale(join(dist, 'parts'), new Set(outputFiles.map(({ path }) => path)));
  return describe(dist, outputFiles);
}

// Renamed into place: a process that starts meanwhile reads a whole file.
async function writeIfChanged({ path, text }: BundleFile): Promise<void> {
  if (existsSync(path) && (await readFile(path, 'utf8')) === text) return;
  const whole = `${path}.${process.pid}`;
  await writeFile(whole, text);
  await rename(whole, path);
}

async function removeStale(folder: string, current: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!current.has(path) && Date.now() - (await stat(path)).mtimeMs > STALE_AFTER_MS) await rm(path, { force: true });
  }
}

function describe(dist: string, files: readonly BundleFile[]): string {
  const code = files.filter(({ path }) => path.endsWith('.js'));
  const size = (file: BundleFile): string => `${(Buffer.byteLength(file.text) / BYTES_PER_KIB).toFixed(1)} KiB`;
  const entries = code.filter(({ path }) => dirname(path) === dist).map((file) => `${basename(file.path)} ${size(file)}`);
  const total = code.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return `${relative(ROOT, dist).padEnd(28)}${(total / BYTES_PER_KIB).toFixed(1).padStart(8)} KiB in ${code.length} files (${entries.join(', ')})`;
}

const startedMs = performance.now();
try {
  for (const line of await Promise.all(processesNamed(process.argv.slice(2)).map(buildProcess))) process.stdout.write(`${line}\n`);
  process.stdout.write(`built in ${Math.round(performance.now() - startedMs)} ms\n`);
} catch (error) {
  process.stderr.write(`the build failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
