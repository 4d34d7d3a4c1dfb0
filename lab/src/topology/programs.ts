import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritedEnvironment } from '../environment.ts';
import { LabError } from '../errors.ts';
import { ROOT, STATE_FOLDER } from '../paths.ts';
import { takeLock } from '../take-lock.ts';
import type { ProcessGroup, Topology } from './parse-topology.ts';

/** How to start a program with Node. */
export interface Program {
  folder: string;
  arguments: readonly string[];
}

const SERVICES = join(ROOT, 'services');
const SOURCES = [join(ROOT, 'libs'), SERVICES, join(ROOT, 'scripts', 'build.ts'), join(ROOT, 'scripts', 'build'), join(ROOT, 'package-lock.json')];
/** Its time of change is that of the sources the bundles were last built from; a bundle that came out the same keeps its own. */
const STAMP = join(STATE_FOLDER, 'bundles-built');
const LOCK = join(STATE_FOLDER, 'build.lock');

/** Which program a process runs: that of its one service, or the monolith's, which runs any number of modules. */
export function programNameOf({ modules: [only, ...others] }: Pick<ProcessGroup, 'modules'>): string {
  return only !== undefined && others.length === 0 ? only : 'monolith';
}

/** The bundle of a process. */
export function programOf(group: ProcessGroup): Program {
  const folder = join(SERVICES, programNameOf(group));
  return { folder, arguments: [join(folder, 'dist', 'main.js')] };
}

/** Builds the bundles unless they are there and no source file changed since they were built. Two labs of one clone do not build at the same time. */
export async function ensureBundles(topology: Topology, onProgress: (message: string) => void): Promise<void> {
  const outputs = topology.processes.map((group) => join(programOf(group).folder, 'dist', 'main.js'));
  if (await areFresh(outputs)) return;
  const unlock = await takeLock(LOCK, () => { onProgress('waiting for another build'); });
  try {
    if (await areFresh(outputs)) return;
    onProgress('building the bundles');
    const began = new Date();
    await build();
    await writeFile(STAMP, '');
    await utimes(STAMP, began, began);
  } finally {
    await unlock();
  }
}

/** Builds the bundle of one program anew; answers how long that took, without the wait for another build. */
export async function rebuildBundle(programName: string): Promise<number> {
  const unlock = await takeLock(LOCK, () => undefined);
  try {
    const began = performance.now();
    await build(programName);
    return performance.now() - began;
  } finally {
    await unlock();
  }
}

async function areFresh(outputs: readonly string[]): Promise<boolean> {
  if (!outputs.every((path) => existsSync(path))) return false;
  const [built, ...changed] = await Promise.all([modifiedAt(STAMP), ...SOURCES.map((path) => latestChange(path))]);
  return Math.max(...changed) < built;
}

async function modifiedAt(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

/** Newest file below a path; what is built, installed or only tests does not count. */
async function latestChange(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return modifiedAt(path);
  const relevant = entries.filter((entry) => !['dist', 'node_modules'].includes(entry.name) && !entry.name.endsWith('.test.ts') && !entry.name.endsWith('.md'));
  const changes = await Promise.all(relevant.map((entry) => latestChange(join(path, entry.name))));
  return Math.max(0, ...changes);
}

/** All bundles unless told. */
async function build(...programNames: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'build.ts'), ...programNames], { cwd: ROOT, env: inheritedEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new LabError(`the bundles could not be built:\n${output.trimEnd()}`);
}
