import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { isRunning } from '../backends/is-running.ts';
import { guardProcess } from '../backends/watchdog.ts';
import { inheritedEnvironment } from '../environment.ts';
import type { Program } from './programs.ts';

export interface ChildProgram {
  program: Program;
  settings: Readonly<Record<string, string>>;
  logFile: string;
}

/** Longer than the program's own deadline for an orderly shutdown. */
const STOP_TIMEOUT_MS = 20_000;
const PROBE_TIMEOUT_MS = 2_000;

/** Starts a program in a session of its own: Ctrl-C in the terminal is the lab's to handle. What it writes goes to the log file. */
export function launchChild({ program, settings, logFile }: ChildProgram): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(process.execPath, [...program.arguments], {
      cwd: program.folder,
      env: { ...inheritedEnvironment(), ...settings },
      stdio: ['ignore', log, log],
      detached: true,
    });
    if (child.pid !== undefined) child.once('exit', guardProcess(child.pid));
    child.on('error', () => undefined);
    return child;
  } finally {
    closeSync(log);
  }
}

export async function isReady(opsOrigin: string): Promise<boolean> {
  try {
    const response = await fetch(`${opsOrigin}/readyz`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** SIGTERM, then SIGKILL after the time-out; resolves when it is gone. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
}
