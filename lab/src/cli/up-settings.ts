import { Email } from '@doubleshot/contracts';
import type { Environment } from '../environment.ts';
import { UsageError } from '../errors.ts';
import { parseTopology } from '../topology/parse-topology.ts';

/** What `up` was asked for. */
export interface UpSettings {
  backends: Backends;
  topologies: readonly string[];
  /** By the name of the topology. */
  ports: Readonly<Record<string, { http: number; variable: string }>>;
  /** Where the brews are told apart by name; containers alone. */
  namesPort: { http: number; variable: string };
  staff?: { email: string; password: string };
  env: Readonly<Record<string, string>>;
}

/** What a shop stands on: parts of the lab, or engines and processes in containers. */
export type Backends = (typeof BACKENDS)[number];

const BACKENDS = ['embedded', 'containers'] as const;
const DEFAULT_PORTS = { MONO_PORT: 8081, MICRO_PORT: 8082, HTTP_PORT: 8080 } as const;
const MAX_PORT = 65_535;
// As in the settings of auth and orders, which the lab does not import: what it lets through, a process must take.
const MIN_PASSWORD = 8;
const MAX_PASSWORD = 200;
const MAX_BREW_TIME_SCALE = 100;
const DECIMAL = /^\d{1,15}(\.\d{1,15})?$/;

/** Reads options and variables of `up`. Throws a {@link UsageError} for the first that is wrong. */
export function readUpSettings(environment: Environment, topology: string | undefined): UpSettings {
  const backends = backendsOf(environment);
  const wanted = topology ?? environment['TOPOLOGY'] ?? 'both';
  const topologies = wanted === 'both' ? ['monolith', 'microservices'] : [parseTopology(wanted).name];
  requireKnownBrews(backends, topologies);
  const ports = Object.fromEntries(
    topologies.map((name) => {
      const variable = name === 'monolith' ? 'MONO_PORT' : 'MICRO_PORT';
      return [name, { http: portOf(environment[variable], variable), variable }];
    }),
  );
  const namesPort = { http: portOf(environment['HTTP_PORT'], 'HTTP_PORT'), variable: 'HTTP_PORT' };
  requireDifferent([...Object.values(ports), ...(backends === 'containers' ? [namesPort] : [])]);
  const staff = staffOf(environment);
  return { backends, topologies, ports, namesPort, ...(staff === undefined ? {} : { staff }), env: { ...brewTimeOf(environment), ...openTelemetryOf(environment) } };
}

/** Throws a {@link UsageError} for backends there are none of. */
export function backendsOf({ BACKENDS: wanted = 'embedded' }: Environment): Backends {
  const found = BACKENDS.find((each) => each === wanted);
  if (found === undefined) throw new UsageError(`BACKENDS must be ${BACKENDS.join(' or ')}, not "${wanted}"`);
  return found;
}

/** Whether there are databases for it in containers. */
export function isKnownBrew(topology: string): boolean {
  return topology === 'monolith' || topology === 'microservices';
}

/** Throws a {@link UsageError} for groupings that the databases in containers are not made for. */
export function requireKnownBrews(backends: Backends, topologies: readonly string[]): void {
  const grouping = topologies.find((name) => !isKnownBrew(name));
  if (backends === 'containers' && grouping !== undefined) throw new UsageError(`BACKENDS=containers runs monolith, microservices or both, not "${grouping}"`);
}

/** Throws a {@link UsageError} for a command that knows the lab's own parts alone. */
export function requireEmbedded(environment: Environment, command: string): void {
  if (backendsOf(environment) !== 'embedded') throw new UsageError(`\`doubleshot ${command}\` runs on BACKENDS=embedded alone`);
}

function requireDifferent(ports: readonly { http: number; variable: string }[]): void {
  const twice = ports.find(({ http }, index) => ports.findIndex((other) => other.http === http) < index);
  if (twice !== undefined) throw new UsageError(`${ports.filter(({ http }) => http === twice.http).map(({ variable }) => variable).join(' and ')} must differ`);
}

/** Throws a {@link UsageError} for what is no port; the default of the variable where nothing is said. */
export function portOf(text: string | undefined, variable: keyof typeof DEFAULT_PORTS): number {
  if (text === undefined) return DEFAULT_PORTS[variable];
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > MAX_PORT) throw new UsageError(`${variable} must be a port number from 1 to ${MAX_PORT}, not "${text}"`);
  return port;
}

function staffOf({ STAFF_EMAIL: email, STAFF_PASSWORD: password }: Environment): { email: string; password: string } | undefined {
  if (email === undefined && password === undefined) return undefined;
  if (email === undefined) throw new UsageError('STAFF_EMAIL is missing: STAFF_PASSWORD was given, and they belong together');
  if (password === undefined) throw new UsageError('STAFF_PASSWORD is missing: STAFF_EMAIL was given, and they belong together');
  if (!Email.safeParse(email).success) throw new UsageError(`STAFF_EMAIL must be an e-mail address, not "${email}"`);
  if (password.length < MIN_PASSWORD || password.length > MAX_PASSWORD) throw new UsageError(`STAFF_PASSWORD must have ${MIN_PASSWORD} to ${MAX_PASSWORD} characters`);
  return { email, password };
}

function brewTimeOf({ BREW_TIME_SCALE: scale }: Environment): Record<string, string> {
  if (scale === undefined) return {};
  if (!DECIMAL.test(scale) || Number(scale) > MAX_BREW_TIME_SCALE) throw new UsageError(`BREW_TIME_SCALE must be a number from 0 to ${MAX_BREW_TIME_SCALE}, like 0.5, not "${scale}"`);
  return { BREW_TIME_SCALE: scale };
}

/** The standard variables win over the lab's own. */
function openTelemetryOf(environment: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (name.startsWith('OTEL_') && name !== 'OTEL_SERVICE_NAME' && value !== undefined ? [[name, value]] : [])));
}
