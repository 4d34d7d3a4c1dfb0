import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '../environment.ts';
import { ROOT, STATE_FOLDER } from '../paths.ts';
import { parseTopology } from '../topology/parse-topology.ts';
import { ensureBundles } from '../topology/programs.ts';

const LINKED = ['libs', 'services', 'scripts', 'node_modules', 'package.json', 'package-lock.json'];
const STAMP = 'bundles-built';
/** For all users, as /tmp is: PostgreSQL runs as another one when we are root. */
const FOR_ALL = 0o755;

export interface CommandEnd {
  code: number | null;
  output: string;
  errors: string;
}

export interface RunningCommand {
  child: ChildProcess;
  /** What it printed so far. */
  output(): string;
  end: Promise<CommandEnd>;
}

/** A clone of its own: the lab's files are copied, so its state is not that of whoever works in the real one; all else is linked. */
export interface OwnClone {
  /** Of the state of `up`. */
  stateFile: string;
  start(commandLine: readonly string[], env?: Readonly<Record<string, string>>): RunningCommand;
  run(commandLine: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandEnd>;
  /** Command lines of processes that were started in it, and what is left in its folder for temporary files. */
  leftovers(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Builds the bundles in the real clone first: the programs of both are the same. */
export async function createOwnClone(): Promise<OwnClone> {
  await ensureBundles(parseTopology('microservices'), () => undefined);
  await ensureBundles(parseTopology('monolith'), () => undefined);
  const root = await mkdtemp(join(tmpdir(), 'doubleshot-clone-'));
  const temporary = join(root, 'tmp');
  await mkdir(temporary);
  await chmod(root, FOR_ALL);
  await cp(join(ROOT, 'lab'), join(root, 'lab'), { recursive: true });
  for (const name of LINKED) await symlink(join(ROOT, name), join(root, name));
  await cp(join(STATE_FOLDER, STAMP), join(root, '.doubleshot', STAMP), { preserveTimestamps: true });
  const start: OwnClone['start'] = (commandLine, env = {}) => startCommand(join(root, 'lab/bin/doubleshot.js'), commandLine, { ...env, TMPDIR: temporary });
  return {
    stateFile: join(root, '.doubleshot/up.json'),
    start,
    run: (commandLine, env) => start(commandLine, env).end,
    leftovers: async () => [...(await processesOf(root)), ...(await readdir(temporary))],
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

function startCommand(program: string, commandLine: readonly string[], env: Readonly<Record<string, string>>): RunningCommand {
  const child = spawn(process.execPath, [program, ...commandLine], { env: { ...inheritedEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const end = new Promise<CommandEnd>((resolve, reject) => child.on('error', reject).on('close', (code) => { resolve({ code, output, errors }); }));
  return { child, output: () => output, end };
}

async function processesOf(root: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'command=']);
  return stdout.split('\n').filter((line) => line.includes(root));
}
