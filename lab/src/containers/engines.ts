import { randomBytes } from 'node:crypto';
import { createComposeProject } from './compose-project.ts';
import { docker } from './docker.ts';
import { freePort } from '../backends/free-port.ts';

const COMPOSE_FILE = 'backends.yaml';
const THREE_BROKERS_FILE = 'kafka-ha.yaml';
const SMALL_DISKS_FILE = 'small-disks.yaml';
const STARTS_WITHIN_S = 180;
const LOOK_EVERY_MS = 250;
const DISKS = 'disks';
const FILLING = 'filling';
/** All but so many bytes of what is free; what others write meanwhile may have taken it. */
const FILL = `free=$(df -P -B1 "$1" | awk 'NR == 2 { print $4 }'); head -c $((free - $2)) /dev/zero >> "$1/${FILLING}" || true`;

/** The services of deploy/docker/backends.yaml. */
export type EngineName = 'postgres' | 'redis' | 'rabbitmq' | 'kafka';

/** Those with a disk. */
export type StoringEngine = Exclude<EngineName, 'redis'>;

/** Those that deploy/docker/kafka-ha.yaml adds. */
export type FurtherBroker = 'kafka-2' | 'kafka-3';

/** Real engines in containers, on free loopback ports. */
export interface Engines {
  /** Connection strings, in the form the shop's variables take. */
  readonly urls: Readonly<Record<EngineName, string>>;
  /** Ends an engine at once (SIGKILL); its data and port stay. */
  kill(engine: EngineName | FurtherBroker): Promise<void>;
  /** Asks an engine to stop; its data and port stay. */
  halt(engine: EngineName): Promise<void>;
  /** Starts it again; resolves when it is healthy. */
  start(engine: EngineName | FurtherBroker): Promise<void>;
  /** Freezes every process of an engine. */
  freeze(engine: EngineName): Promise<void>;
  thaw(engine: EngineName): Promise<void>;
  /** Of the first process in its container, as it runs now. */
  pid(engine: EngineName): Promise<number>;
  /** Runs a program in the container of an engine; resolves with what it printed. */
  exec(engine: EngineName | FurtherBroker, command: readonly string[]): Promise<string>;
  /** Leaves no room on the disk of an engine, but for so many bytes. Only on small disks. */
  fillDisk(engine: StoringEngine, leaveBytes: number): Promise<void>;
  /** Takes away what fills it. */
  clearDisk(engine: StoringEngine): Promise<void>;
  /** Removes containers, volumes and network. Idempotent. */
  stop(): Promise<void>;
}

export interface StartEnginesOptions {
  /** Kafka as one, or as three that stand in for each other. */
  brokers?: 1 | 3;
  /** Where the one tells its clients to find it, when something stands between. */
  kafkaPort?: number;
  /** On disks that can be filled. */
  smallDisks?: boolean;
}

/** Starts engines with random passwords under a project name of their own; resolves when all are healthy. If the lab dies, they are removed. */
export async function startEngines(engines: readonly EngineName[], { brokers = 1, kafkaPort, smallDisks = false }: StartEnginesOptions = {}): Promise<Engines> {
  const project = `doubleshot-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const ports = { postgres: await freePort(), redis: await freePort(), rabbitmq: await freePort(), management: await freePort(), kafka: await freePort(), kafka2: await freePort(), kafka3: await freePort() };
  const env = {
    POSTGRES_PASSWORD: password,
    REDIS_PASSWORD: password,
    RABBITMQ_PASSWORD: password,
    POSTGRES_PORT: String(ports.postgres),
    REDIS_PORT: String(ports.redis),
    RABBITMQ_PORT: String(ports.rabbitmq),
    RABBITMQ_MANAGEMENT_PORT: String(ports.management),
    KAFKA_PORT: String(ports.kafka),
    KAFKA_ADVERTISED_PORT: String(kafkaPort ?? ports.kafka),
    KAFKA_2_PORT: String(ports.kafka2),
    KAFKA_3_PORT: String(ports.kafka3),
  };
  const files = [COMPOSE_FILE, ...(brokers === 1 ? [] : [THREE_BROKERS_FILE]), ...(smallDisks ? [SMALL_DISKS_FILE] : [])];
  const { compose, container, remove } = createComposeProject({ name: project, files, env });
  async function untilHealthy(engine: EngineName | FurtherBroker): Promise<void> {
    const untilMs = performance.now() + STARTS_WITHIN_S * 1_000;
    for (;;) {
      const health = (await docker(['inspect', '--format', '{{.State.Health.Status}}', container(engine)])).trim();
      if (health === 'healthy') return;
      if (performance.now() > untilMs) throw new Error(`${engine} is not healthy ${STARTS_WITHIN_S} s after its start: ${health}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  try {
    const further: readonly FurtherBroker[] = brokers === 1 ? [] : ['kafka-2', 'kafka-3'];
    await compose('up', '--detach', '--wait', '--wait-timeout', String(STARTS_WITHIN_S), ...engines, ...further);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    urls: {
      postgres: `postgres://postgres:${password}@127.0.0.1:${ports.postgres}/postgres`,
      redis: `redis://:${password}@127.0.0.1:${ports.redis}`,
      rabbitmq: `amqp://doubleshot:${password}@127.0.0.1:${ports.rabbitmq}`,
      kafka: `kafka://${(brokers === 1 ? [ports.kafka] : [ports.kafka, ports.kafka2, ports.kafka3]).map((port) => `127.0.0.1:${port}`).join(',')}`,
    },
    kill: async (engine) => { await docker(['kill', container(engine)]); },
    halt: async (engine) => { await docker(['stop', container(engine)]); },
    start: async (engine) => {
      await docker(['start', container(engine)]);
      await untilHealthy(engine);
    },
    freeze: async (engine) => { await docker(['pause', container(engine)]); },
    thaw: async (engine) => { await docker(['unpause', container(engine)]); },
    pid: async (engine) => Number(await docker(['inspect', '--format', '{{.State.Pid}}', container(engine)])),
    exec: (engine, command) => docker(['exec', container(engine), ...command]),
    fillDisk: async (engine, leaveBytes) => { await docker(['exec', container(DISKS), 'sh', '-c', FILL, 'fill', `/disks/${engine}`, String(leaveBytes)]); },
    clearDisk: async (engine) => { await docker(['exec', container(DISKS), 'rm', '-f', `/disks/${engine}/${FILLING}`]); },
    stop: remove,
  };
}
