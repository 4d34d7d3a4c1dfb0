import { MODULE_NAMES } from '@doubleshot/contracts';
import type { ProcessGroup, Topology } from './parse-topology.ts';

/** Event log and task queue in the process, or in a database that several processes share. */
export type Messaging = 'in-process' | 'postgres';

/** In the process where there is but one; several need what they share. */
export function fittingMessaging(topology: Topology): Messaging {
  return topology.processes.length === 1 ? 'in-process' : 'postgres';
}

/** What all processes of one shop share. */
export interface ShopSettings {
  topology: Topology;
  /** Where event log and task queue are. */
  messaging: Messaging;
  ports: ReadonlyMap<string, { http: number; ops: number }>;
  databaseUrl: (database: string) => string;
  smtpUrl: string;
  otlpUrl: string;
  staff: { email: string; password: string };
  signingKeySecret: string;
  /** Given to every process, stronger than what the lab sets. */
  overrides: Readonly<Record<string, string | undefined>>;
}

/** Database of the event log and the task queue, where several processes share them. */
export const MESSAGING_DATABASE = 'messaging';
/** Spans are looked at right after an order: do not keep them back for the usual 5 s. */
const SPAN_DELAY_MS = '1000';

/** The database of a process, or none where only the gateway runs: it holds no state. */
export function databaseOf(group: Pick<ProcessGroup, 'name' | 'modules'>): string | undefined {
  return group.modules.some((name) => name !== 'gateway') ? group.name.replaceAll('+', '_') : undefined;
}

/** Databases a topology needs. `prefix` keeps those of two shops on one server apart. */
export function databasesOf(topology: Topology, prefix = '', messaging = fittingMessaging(topology)): string[] {
  const databases = topology.processes.flatMap((group) => databaseOf(group) ?? []);
  if (messaging === 'postgres') databases.push(MESSAGING_DATABASE);
  return databases.map((name) => prefix + name);
}

/** The environment variables of one process. */
export function processSettings(group: ProcessGroup, shop: ShopSettings): Record<string, string> {
  const { http, ops } = portsOf(group, shop);
  const database = databaseOf(group);
  const messaging = shop.messaging === 'in-process' ? 'in-process:' : shop.databaseUrl(MESSAGING_DATABASE);
  const settings: Record<string, string | undefined> = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(http),
    OPS_PORT: String(ops),
    MODULES: group.modules.join(','),
    DATABASE_URL: database === undefined ? undefined : shop.databaseUrl(database),
    EVENT_LOG_URL: messaging,
    TASK_QUEUE_URL: messaging,
    CACHE_URL: 'memory:',
    SMTP_URL: shop.smtpUrl,
    STAFF_EMAIL: shop.staff.email,
    STAFF_PASSWORD: shop.staff.password,
    SIGNING_KEY_SECRET: shop.signingKeySecret,
    ...upstreamOrigins(group, shop),
    OTEL_SERVICE_NAME: group.name,
    OTEL_EXPORTER_OTLP_ENDPOINT: shop.otlpUrl,
    OTEL_BSP_SCHEDULE_DELAY: SPAN_DELAY_MS,
    ...shop.overrides,
  };
  return Object.fromEntries(Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** `AUTH_URL`, `ORDERS_URL` and `NOTIFICATIONS_URL` of the modules that run in another process. */
function upstreamOrigins(group: ProcessGroup, shop: ShopSettings): Record<string, string> {
  const elsewhere = MODULE_NAMES.filter((name) => name !== 'gateway' && !group.modules.includes(name));
  return Object.fromEntries(
    elsewhere.flatMap((name) => {
      const owner = shop.topology.processes.find((other) => other.modules.includes(name));
      return owner === undefined ? [] : [[`${name.toUpperCase()}_URL`, `http://127.0.0.1:${portsOf(owner, shop).http}`]];
    }),
  );
}

function portsOf(group: ProcessGroup, shop: ShopSettings): { http: number; ops: number } {
  const ports = shop.ports.get(group.name);
  if (ports === undefined) throw new Error(`no ports were chosen for ${group.name}`);
  return ports;
}
