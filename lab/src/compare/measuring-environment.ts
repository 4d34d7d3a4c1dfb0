import { cpus, totalmem } from 'node:os';
import { SHOP_SETTINGS } from './comparison-settings.ts';
import type { BackendsKind } from './open-brews.ts';
import type { ComparisonReport } from './report-schema.ts';

const PARTS: Readonly<Record<BackendsKind, { parts: string; postgres: string; logging: string }>> = {
  embedded: {
    parts: 'events and tasks in process (one process) or over PostgreSQL (several), memory cache, SMTP receiver of the lab',
    postgres: 'PostgreSQL 18, embedded, a server for each brew',
    logging: 'on in all brews, level info, to a file',
  },
  containers: {
    parts: 'events and tasks in process (one process) or over Kafka and RabbitMQ (several), Redis, Nginx in front, SMTP receiver of the lab',
    postgres: 'PostgreSQL in a container, one server, a database for each process',
    logging: 'on in all brews, level info, to the container engine',
  },
};

export interface MeasuredHow {
  backends: BackendsKind;
  /** The core that the generator was pinned to. */
  generatorCore: number | null;
}

/** Where and under what conditions was measured. */
export function describeEnvironment({ backends, generatorCore }: MeasuredHow): ComparisonReport['environment'] {
  const processors = cpus();
  const { parts, postgres, logging } = PARTS[backends];
  const sampling = Number(SHOP_SETTINGS.OTEL_TRACES_SAMPLER_ARG);
  return {
    node: process.versions.node,
    cores: processors.length,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    platform: `${process.platform} ${process.arch}`,
    memoryBytes: totalmem(),
    postgres,
    durability: 'fsync = on, synchronous_commit = on',
    backends,
    backendParts: parts,
    tracing: `on in all brews, ${sampling * 100} % of requests sampled (${SHOP_SETTINGS.OTEL_TRACES_SAMPLER})`,
    sampling,
    logging,
    pinning: `${generatorCore === null ? 'the generator is not pinned: this system has no way to' : `the generator to core ${generatorCore}`}; the shop may use every core, as it would where people run it`,
  };
}

/** How CPU time was read on this machine. */
export function describeCpuSource(exact: boolean): string {
  if (exact) return '/proc/<pid>/task/*/schedstat, to the nanosecond, window by window';
  return process.platform === 'linux' ? '/proc/<pid>/stat, in steps of 10 ms, window by window' : 'ps, window by window';
}
