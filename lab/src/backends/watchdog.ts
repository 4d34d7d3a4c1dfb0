import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { isRunning } from './is-running.ts';

// A shell that outlives the lab, in a session of its own. Its input ends when the lab does, however that happens (kill -9 too);
// then it runs the last whole line it was sent, and what the lab started does not stay behind.
const SCRIPT = `trap '' HUP INT TERM; plan=; while IFS= read -r line; do plan=$line; done; eval "$plan"`;

interface Guarded {
  /** Asked to end first, killed a second later. */
  gently: boolean;
}

const processes = new Map<number, Guarded>();
const folders = new Set<string>();
const commands = new Set<string>();
let shell: ChildProcess | undefined;

/** Ends process `pid`, which leads a group, with its group should the lab die. `gently` sends SIGQUIT to it alone first (PostgreSQL then ends its children). Answers how to take that back. */
export function guardProcess(pid: number, options: { gently?: boolean } = {}): () => void {
  processes.set(pid, { gently: options.gently ?? false });
  sendPlan();
  return () => {
    if (processes.delete(pid)) sendPlan();
  };
}

/** Removes a temporary folder should the lab die. Answers how to take that back. */
export function guardFolder(path: string): () => void {
  folders.add(path);
  sendPlan();
  return () => {
    if (folders.delete(path)) sendPlan();
  };
}

/** Runs a shell command should the lab die. Answers how to take that back. */
export function guardCommand(command: string): () => void {
  commands.add(command);
  sendPlan();
  return () => {
    if (commands.delete(command)) sendPlan();
  };
}

/** Ends now what would be ended should the lab die, and resolves when that is done: the last thing a lab does that was told to stop. */
export async function endGuarded(): Promise<void> {
  const ending = shell;
  if (ending === undefined || !isRunning(ending)) return;
  const gone = once(ending, 'exit');
  ending.ref();
  ending.stdin?.end();
  await gone;
}

function sendPlan(): void {
  input()?.write(`${plan()}\n`);
}

function plan(): string {
  const gentle = [...processes].filter(([, { gently }]) => gently).map(([pid]) => pid);
  const rest = [...processes].filter(([, { gently }]) => !gently).map(([pid]) => pid);
  const steps = [
    ...(rest.length > 0 ? [`kill -s KILL -- ${rest.map((pid) => `-${pid}`).join(' ')}`] : []),
    ...(gentle.length > 0 ? [`kill -QUIT ${gentle.join(' ')}`, 'sleep 1', `kill -KILL ${gentle.join(' ')}`] : []),
    ...(processes.size > 0 ? ['sleep 0.2'] : []),
    ...commands,
    ...[...folders].map((path) => `rm -rf -- ${quoted(path)}`),
  ];
  return `{ ${[...steps, ':'].join('; ')}; } 2>/dev/null`;
}

function quoted(path: string): string {
  return `'${path.replaceAll(`'`, `'\\''`)}'`;
}

function input(): Writable | null {
  if (shell !== undefined && isRunning(shell)) return shell.stdin;
  shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.on('error', () => undefined);
  shell.stdin?.on('error', () => undefined);
  shell.unref();
  (shell.stdin as (Writable & { unref(): void }) | null)?.unref();
  return shell.stdin;
}
