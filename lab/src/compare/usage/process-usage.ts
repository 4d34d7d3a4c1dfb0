import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What a process has used and holds, as the operating system counts it. */
export interface ProcessUsage {
  /** User and system time since it started. */
  cpuMs: number;
  rssBytes: number;
}

/** Kernel clock ticks (`USER_HZ`, 100 on every Linux Node runs on): where nothing finer is kept, CPU time comes in steps of 10 ms. */
export const TICK_MS = 10;
const NANOS_IN_MS = 1e6;
const PAGE_BYTES_IN_KIB = 1024;
const run = promisify(execFile);

/** Reads `/proc/<pid>`; where there is none, asks `ps`, whose CPU time comes in steps of 10 ms (macOS) or 1 s. */
export async function readProcessUsage(pid: number): Promise<ProcessUsage> {
  try {
    const [cpuMs, status] = await Promise.all([readOwnCpuMs(pid), readFile(`/proc/${pid}/status`, 'utf8')]);
    return { cpuMs, rssBytes: parseStatusRss(status) };
  } catch (error) {
    if (process.platform === 'linux') throw error;
    const { stdout } = await run('ps', ['-o', 'time=,rss=', '-p', String(pid)]);
    return parsePs(stdout);
  }
}

/** Whether CPU time is known to the nanosecond here. */
export async function isCpuTimeExact(): Promise<boolean> {
  return (await readExactCpuMs(process.pid)) > 0;
}

/** Fields 14 and 15 of `/proc/<pid>/stat` (proc(5)); the second, the name, may hold blanks and brackets. */
export function parseStatCpuMs(stat: string): number {
  const fields = fieldsOf(stat);
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export function parseStatusRss(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * PAGE_BYTES_IN_KIB;
}

/** `[[days-]hours:]minutes:seconds[.hundredths]  kibibytes` */
export function parsePs(line: string): ProcessUsage {
  const [time = '', rss = '0'] = line.trim().split(/\s+/);
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuMs: (Number(days) * 86_400 + seconds) * 1000, rssBytes: Number(rss) * PAGE_BYTES_IN_KIB };
}

/** CPU time of a process, of all that descend from it and live, and of those of its children that have ended. 0 where there is no `/proc`. */
export async function readTreeCpuMs(pid: number): Promise<number> {
  const own = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (own === undefined) return 0;
  const each = await Promise.all([pid, ...(await descendantsOf(pid))].map((one) => readOwnCpuMs(one).catch(() => 0)));
  return parseStatEndedChildrenCpuMs(own) + each.reduce((sum, ms) => sum + ms, 0);
}

/** To the nanosecond where the kernel keeps it: steps of 10 ms would add up over many processes. */
async function readOwnCpuMs(pid: number): Promise<number> {
  const exact = await readExactCpuMs(pid);
  return exact > 0 ? exact : parseStatCpuMs(await readFile(`/proc/${pid}/stat`, 'utf8'));
}

/** Of all its threads that live; Node and PostgreSQL keep theirs. 0 where the kernel does not keep `schedstat`. */
async function readExactCpuMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const each = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')));
  return each.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0) / NANOS_IN_MS;
}

/** Fields 16 and 17: the time of children that were waited for. */
function parseStatEndedChildrenCpuMs(stat: string): number {
  const fields = fieldsOf(stat);
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

async function descendantsOf(ancestor: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(async (pid) => ({ pid, parent: Number(fieldsOf(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))[1]) })));
  const found = [ancestor];
  // Grows while it is walked: children have children.
  for (const parent of found) found.push(...all.filter((each) => each.parent === parent).map(({ pid }) => pid));
  return found.slice(1);
}

/** Those behind the name, from the third on. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
