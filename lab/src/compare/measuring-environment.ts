import { cpus, totalmem } from 'node:os';
import { distinct, type BrewConditions } from './brew-conditions.ts';
import { SHOP_SETTINGS } from './comparison-settings.ts';
import type { BackendsKind } from './open-brews.ts';
import type { Environment } from './report-schema.ts';

const PARTS: Readonly<Record<BackendsKind, { parts: string; postgres: string; logging: string }>> = {
  embedded: {
    parts: 'events and tasks in process (one process) or over PostgreSQL (several), memory cache, SMTP receiver of the lab',
    postgres: 'embedded, a server for each brew',
    logging: 'to a file',
  },
  containers: {
    parts: 'events and tasks in process (one process) or over Kafka and RabbitMQ (several), Redis, Nginx in front, SMTP receiver of the lab',
    postgres: 'in a container, one server, a database for each process',
    logging: 'to the container engine',
  },
};

export interface MeasuredHow {
  backends: BackendsKind;
  /** The core that the generator was pinned to. */
  generatorCore: number | null;
}

/** Where is measured, as far as it is known before anything runs. */
export function describeMachine({ backends, generatorCore }: MeasuredHow): Omit<Environment, keyof ReturnType<typeof describeShops>> {
  const processors = cpus();
  const sampling = Number(SHOP_SETTINGS.OTEL_TRACES_SAMPLER_ARG);
  return {
    labNode: process.versions.node,
    cores: processors.length,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    platform: `${process.platform} ${process.arch}`,
    memoryBytes: totalmem(),
    backends,
    backendParts: PARTS[backends].parts,
    tracing: `on in all brews, ${sampling * 100} % of requests sampled (${SHOP_SETTINGS.OTEL_TRACES_SAMPLER})`,
    sampling,
    pinning: `${generatorCore === null ? 'the generator is not pinned: this system has no way to' : `the generator to core ${generatorCore}`}; the shop may use every core, as it would where people run it`,
  };
}

/** What the brews themselves said that they run with. */
export function describeShops(asked: readonly BrewConditions[], backends: BackendsKind): Pick<Environment, 'asked' | 'node' | 'postgres' | 'durability' | 'logging'> {
  const { postgres, logging } = PARTS[backends];
  const processes = asked.flatMap((brew) => brew.processes);
  const databases = asked.flatMap((brew) => brew.databases);
  return {
    asked: [...asked],
    node: distinct(processes.map(({ node }) => node)),
    postgres: `PostgreSQL ${distinct(databases.map(({ version }) => version))}, ${postgres}`,
    durability: `fsync = ${distinct(databases.map(({ fsync }) => fsync))}, synchronous_commit = ${distinct(databases.map(({ synchronousCommit }) => synchronousCommit))}`,
    logging: `on in all brews, level ${distinct(processes.map(({ logLevel }) => logLevel))}, ${logging}`,
  };
}

/** How CPU time was read on this machine. */
export function describeCpuSource(exact: boolean): string {
  if (exact) return '/proc/<pid>/task/*/schedstat, to the nanosecond, window by window';
  return process.platform === 'linux' ? '/proc/<pid>/stat, in steps of 10 ms, window by window' : 'ps, window by window';
}
