import { z } from 'zod';
import { integerSetting, listSetting, originSetting, urlSetting } from '../config/setting-schemas.ts';
import { LOG_LEVELS } from '../logging/log-level.ts';

const LAST_PORT = 65_535;
const MINUTE_MS = 60_000;

/** Algorithms that access tokens may be signed with. */
const TOKEN_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const;

/** How access tokens are marked and signed: for those who sign and those who verify alike. */
export const TOKEN_SETTINGS = {
  JWT_ISSUER: z.string().default('https://auth.doubleshot.invalid').describe('`iss` of access tokens.'),
  JWT_AUDIENCE: z.string().default('doubleshot').describe('`aud` of access tokens.'),
  JWT_ALGORITHMS: listSetting(TOKEN_ALGORITHMS).default(['RS256']).describe('Algorithms that are accepted, as a comma list; the first one signs.'),
};

/** What every process needs. */
export const PROCESS_SETTINGS = {
  HOST: z.string().default('127.0.0.1').describe('Address that both listeners are bound to; 0.0.0.0 in a container.'),
  PORT: integerSetting({ min: 0, max: LAST_PORT }).default(0).describe('Port of the API; 0 picks a free one, which the log names.'),
  OPS_PORT: integerSetting({ min: 0, max: LAST_PORT }).default(0).describe('Port for probes, metrics, log level and parked messages; 0 picks a free one.'),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info').describe('Least severe level that is logged; changeable at the ops port, and by SIGUSR2.'),
  SHUTDOWN_TIMEOUT_MS: integerSetting({ min: 100, max: 10 * MINUTE_MS })
    .default(20_000)
    .describe('Deadline for an orderly end after SIGTERM, in milliseconds; below the grace period of whoever sends it.'),
};

/** What backends need; a process is asked only for those its modules use. */
export const BACKEND_SETTINGS = {
  DATABASE_URL: urlSetting('postgres', 'postgresql').describe('The PostgreSQL database: postgres://user:password@host:port/name.'),
  DATABASE_POOL_SIZE: integerSetting({ min: 1, max: 1_000 }).default(10).describe('Most connections to the database at once.'),
  MIGRATE: z
    .enum(['start', 'only'], 'must be start or only')
    .default('start')
    .describe('`start`: the process applies what is missing of its migrations when it starts. `only`: it does that and ends, with 0, and needs no variable but DATABASE_URL.'),
  EVENT_LOG_URL: urlSetting('in-process', 'postgres', 'postgresql', 'kafka', 'kafka+ssl')
    .default('in-process:')
    .describe('The log of facts: in-process: (one process), postgres:// or kafka://host:port,host:port (kafka+ssl:// with TLS; user:password@ before the hosts and ?sasl_mechanism=PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 behind them).'),
  TASK_QUEUE_URL: urlSetting('in-process', 'postgres', 'postgresql', 'amqp', 'amqps')
    .default('in-process:')
    .describe('The queue of work: in-process: (one process), postgres:// or amqp://user:password@host:port/vhost (RabbitMQ; amqps:// with TLS).'),
  TRACE_MESSAGING: z
    .enum(['parent-child', 'links'], 'must be parent-child or links')
    .default('parent-child')
    .describe('How the span of a consumer is joined to that of the producer.'),
  CACHE_URL: urlSetting('memory', 'redis', 'rediss').default('memory:').describe('The cache: memory: (each process its own) or redis://user:password@host:port/database (rediss:// with TLS).'),
  SMTP_URL: urlSetting('smtp', 'smtps').describe('The server that takes e-mail: smtp://user:password@host:port.'),
  MAIL_FROM: z.string().min(3).default('Doubleshot <shop@doubleshot.invalid>').describe('Sender of e-mail.'),
};

/** Where the other processes are. */
export const PEER_SETTINGS = {
  AUTH_URL: originSetting().describe('Origin of the process that runs auth: for the gateway, and for verifiers without JWKS_URL. Not needed where auth is in the process.'),
  ORDERS_URL: originSetting().describe('Origin of the process that runs orders, for the gateway. Not needed where orders is in the process.'),
  NOTIFICATIONS_URL: originSetting().describe('Origin of the process that runs notifications, for the gateway. Not needed where notifications is in the process.'),
  JWKS_URL: urlSetting('http', 'https').describe('The public keys that verify access tokens; /.well-known/jwks.json of AUTH_URL unless told.'),
};

/** Every variable that belongs to no single module, for documentation. Each also as NAME_FILE: the path of a file that holds the value. */
export const COMMON_SETTINGS = { ...PROCESS_SETTINGS, ...TOKEN_SETTINGS, ...BACKEND_SETTINGS, ...PEER_SETTINGS };

export type CommonSettings = z.output<z.ZodObject<typeof PROCESS_SETTINGS>> &
  z.output<z.ZodObject<typeof TOKEN_SETTINGS>> &
  Partial<z.output<z.ZodObject<typeof BACKEND_SETTINGS>> & z.output<z.ZodObject<typeof PEER_SETTINGS>>>;
