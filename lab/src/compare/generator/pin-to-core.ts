import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Keeps a process on the last core that it may use, where the operating system has a `taskset` for that; answers which, or null.
 * Only the generator is pinned: a shop on fewer cores would not be the one people run, and of two cores one would take from several processes what they are split for.
 */
export async function pinToLastCore(pid: number): Promise<number | null> {
  try {
    const core = lastOf(await readFile(`/proc/${pid}/status`, 'utf8'));
    if (core === undefined) return null;
    await run('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)]);
    return core;
  } catch {
    return null;
  }
}

/** Of `Cpus_allowed_list: 0-3,6`; nothing where there is but one. */
export function lastOf(status: string): number | undefined {
  const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1] ?? '';
  return /[-,]/.test(list) ? Number(/\d+$/.exec(list)?.[0]) : undefined;
}
