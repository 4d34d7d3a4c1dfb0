import { randomBytes } from 'node:crypto';
import type { StartContainerShopsOptions } from '../containers/start-container-shops.ts';
import { parseTopology } from '../topology/parse-topology.ts';
import type { Messaging as PostgresOrNone } from '../topology/process-settings.ts';
import { SHOP_SETTINGS } from './comparison-settings.ts';
import type { BrewRequest, Messaging } from './open-brews.ts';

/** Brews in containers that stand on the same engines. */
export interface ContainerProject {
  requests: readonly BrewRequest[];
  options: Pick<StartContainerShopsOptions, 'env' | 'files' | 'further' | 'allAdapters'>;
  /** Services that a brew of it stands on, by its number of processes. */
  enginesOf: (processes: number) => readonly (keyof typeof ENGINE_NAMES)[];
  /** Whether event log and task queue have a database. */
  messages: PostgresOrNone;
}

export const ENGINE_NAMES = { postgres: 'PostgreSQL', redis: 'Redis', nginx: 'Nginx', kafka: 'Kafka', rabbitmq: 'RabbitMQ' } as const;
const ENGINES = ['postgres', 'redis', 'nginx'] as const;
const BROKERS = ['kafka', 'rabbitmq'] as const;
/** The comparison asks more often than any client may. */
const SETTINGS = { ...SHOP_SETTINGS, NGINX_RATE_PER_SECOND: '1000000' };

/**
 * Brews whose messages go where they usually do stand on the same engines. One whose messages go elsewhere has engines of its own: on shared brokers two brews would
 * take each other's messages, and a database that one of them asks for messages while it rests would bill that to the other.
 */
export function containerProjectsOf(requests: readonly BrewRequest[]): ContainerProject[] {
  const of = (messaging: Messaging): BrewRequest[] => requests.filter((request) => request.messaging === messaging);
  for (const { name, topology, messaging } of requests) requireKnown(name, parseTopology(topology).processes.length, messaging);
  const projects: ContainerProject[] = [
    { requests: of('fitting'), options: { env: SETTINGS }, enginesOf: (processes) => (processes > 1 ? [...ENGINES, ...BROKERS] : ENGINES), messages: 'in-process' },
    { requests: of('brokers'), options: { env: { ...SETTINGS, ...monolithOnBrokers() }, further: BROKERS, allAdapters: true }, enginesOf: () => [...ENGINES, ...BROKERS], messages: 'in-process' },
    { requests: of('postgres'), options: { env: SETTINGS, files: ['on-postgres.yaml'] }, enginesOf: () => ENGINES, messages: 'postgres' },
  ];
  return projects.filter((project) => project.requests.length > 0);
}

/** `compose.yaml` leads a monolith to brokers, and `on-postgres.yaml` several processes to PostgreSQL. */
function requireKnown(name: string, processes: number, messaging: Messaging): void {
  if ((messaging === 'brokers' && processes > 1) || (messaging === 'postgres' && processes === 1)) throw new TypeError(`${name}: there are no containers of ${processes} processes for messages over ${messaging}`);
}

function monolithOnBrokers(): Record<string, string> {
  const password = randomBytes(16).toString('hex');
  return { RABBITMQ_PASSWORD: password, MONOLITH_EVENT_LOG_URL: 'kafka://kafka:19092', MONOLITH_TASK_QUEUE_URL: `amqp://doubleshot:${password}@rabbitmq:5672` };
}
