import { readFile } from 'node:fs/promises';

/** What all cores together have done since the machine started. */
export interface HostUsage {
  /** At work for programs. Interrupts are left out: those of our own packets and disks are among them. */
  busyMs: number;
  /** Given to others by the host of this machine. */
  stealMs: number;
  /** Time that passed, on every core. */
  totalMs: number;
}

const TICK_MS = 10;
const [USER, NICE, SYSTEM, STEAL] = [0, 1, 2, 7] as const;
/** Guests are counted within user and nice already. */
const COUNTED = 8;

/** Nothing where there is no `/proc/stat`. */
export async function readHostUsage(): Promise<HostUsage | undefined> {
  const stat = await readFile('/proc/stat', 'utf8').catch(() => undefined);
  return stat === undefined ? undefined : parseHostUsage(stat);
}

/** The first line of `/proc/stat` (proc(5)): user nice system idle iowait irq softirq steal guest guest_nice. */
export function parseHostUsage(stat: string): HostUsage {
  const ticks = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '').split(' ').map(Number);
  const of = (...fields: readonly number[]): number => fields.reduce((sum, field) => sum + (ticks[field] ?? 0), 0) * TICK_MS;
  return { busyMs: of(USER, NICE, SYSTEM), stealMs: of(STEAL), totalMs: ticks.slice(0, COUNTED).reduce((sum, value) => sum + value, 0) * TICK_MS };
}

/** How noisy the machine was between two readings, in which `ownMs` of its work was ours. Null where it does not say. */
export interface HostNoise {
  strangerCores: number | null;
  stealShare: number | null;
}

export function noiseBetween(before: HostUsage | undefined, after: HostUsage | undefined, own: { cpuMs: number; elapsedMs: number }): HostNoise {
  if (before === undefined || after === undefined) return { strangerCores: null, stealShare: null };
  const busyMs = after.busyMs - before.busyMs - own.cpuMs;
  return { strangerCores: Math.max(0, busyMs) / Math.max(1, own.elapsedMs), stealShare: (after.stealMs - before.stealMs) / Math.max(1, after.totalMs - before.totalMs) };
}
