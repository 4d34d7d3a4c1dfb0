import { cpus, totalmem } from 'node:os';
import { SHOP_SETTINGS } from './comparison-settings.ts';
import type { ComparisonReport } from './report-schema.ts';

/** Where and under what conditions was measured. */
export function describeEnvironment(): ComparisonReport['environment'] {
  const processors = cpus();
  return {
    node: process.versions.node,
    cores: processors.length,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    platform: `${process.platform} ${process.arch}`,
    memoryBytes: totalmem(),
    postgres: 'PostgreSQL 18, embedded, a server for each brew',
    durability: 'fsync = on, synchronous_commit = on',
    backends: 'embedded',
    backendParts: 'events and tasks in process (one process) or over PostgreSQL (several), memory cache, SMTP receiver of the lab',
    tracing: `on in both brews, ${Number(SHOP_SETTINGS.OTEL_TRACES_SAMPLER_ARG) * 100} % of requests sampled (${SHOP_SETTINGS.OTEL_TRACES_SAMPLER})`,
    sampling: Number(SHOP_SETTINGS.OTEL_TRACES_SAMPLER_ARG),
    logging: 'on in both brews, level info, to a file',
    pinning: 'nothing is pinned',
  };
}

/** How CPU time was read on this machine. */
export function describeCpuSource(): string {
  return process.platform === 'linux' ? '/proc/<pid>/stat, in steps of 10 ms, window by window' : 'ps, window by window';
}
