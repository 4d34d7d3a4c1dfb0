import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What a process has used and holds, as the operating system counts it. */
export interface ProcessUsage {
  /** User and system time since it started. */
  cpuMs: number;
  rssBytes: number;
}

/** Kernel clock ticks (`USER_HZ`, 100 on every Linux Node runs on): CPU time comes in steps of 10 ms. */
export const TICK_MS = 10;
const NANOS_IN_MS = 1e6;
const PAGE_BYTES_IN_KIB = 1024;
const run = promisify(execFile);

/** Reads `/proc/<pid>`; where there is none, asks `ps`, whose CPU time comes in steps of 10 ms (macOS) or 1 s. */
export async function readProcessUsage(pid: number): Promise<ProcessUsage> {
  try {
    const [stat, status] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile(`/proc/${pid}/status`, 'utf8')]);
    return { cpuMs: parseStatCpuMs(stat), rssBytes: parseStatusRss(status) };
  } catch (error) {
    if (process.platform === 'linux') throw error;
    const { stdout } = await run('ps', ['-o', 'time=,rss=', '-p', String(pid)]);
    return parsePs(stdout);
  }
}

/** Fields 14 and 15 of `/proc/<pid>/stat` (proc(5)); the second, the name, may hold blanks and brackets. */
export function parseStatCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
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

/** To the nanosecond where the kernel keeps `schedstat`: steps of 10 ms would add up over the many processes of a server. 0 once it has ended. */
async function readOneThreadCpuMs(pid: string): Promise<number> {
  const [exact, stat] = await Promise.all(['schedstat', 'stat'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')));
  const nanoseconds = Number(exact?.split(' ')[0]);
  if (nanoseconds > 0) return nanoseconds / NANOS_IN_MS;
  return stat === undefined || stat === '' ? 0 : parseStatCpuMs(stat);
}

/** CPU time of a process of one thread, its children that live (of one thread too), and those that have ended. 0 where there is no `/proc`. */
export async function readTreeCpuMs(pid: number): Promise<number> {
  const own = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (own === undefined) return 0;
  const children = await childrenOf(pid);
  const each = await Promise.all([String(pid), ...children].map((one) => readOneThreadCpuMs(one)));
  return parseStatEndedChildrenCpuMs(own) + each.reduce((sum, ms) => sum + ms, 0);
}

/** Fields 16 and 17: the time of children that were waited for. */
function parseStatEndedChildrenCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

async function childrenOf(pid: number): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map(async (child) => ({ child, stat: await readFile(`/proc/${child}/stat`, 'utf8').catch(() => '') })));
  return stats.filter(({ stat }) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(pid)).map(({ child }) => child);
}
