import { TOPICS, UserRegistered, type CloudEvent, type Problem, type TokenPair, type User } from '@doubleshot/contracts';
import { parseSettings } from '@doubleshot/shared/config';
import { createDatabase, type Database } from '@doubleshot/shared/database';
import { createHttpServer } from '@doubleshot/shared/http';
import { createSilentLogger } from '@doubleshot/shared/logging';
import { consumeEvents, createEventLog, createTaskQueue, onEvent } from '@doubleshot/shared/messaging';
import type { ServiceModule } from '@doubleshot/shared/runtime';
import { createLocalKeys, createTokenVerifier, type TokenVerifier } from '@doubleshot/shared/security';
import { Registry } from 'prom-client';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { authModule, createAuthModule } from '../index.ts';
import { AUTH_SETTINGS } from '../settings.ts';

const POOL_SIZE = 8;

/** Members of all answers together: the status tells which are there. */
export type AnswerBody = TokenPair & Problem & { user: User };

export interface Answer {
  status: number;
  headers: Headers;
  /** Nothing for an empty answer. */
  body: AnswerBody;
}

export interface CallOptions {
  body?: unknown;
  token?: string;
}

/** The auth module behind a real HTTP server on a real database. */
export interface RunningAuth {
  url: string;
  database: Database;
  metrics: Registry;
  module: ServiceModule;
  verifier: TokenVerifier;
  /** What was told on `users.v1` so far. */
  told: readonly CloudEvent[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface StartAuthOptions {
  /** Environment variables beside the secret. */
  environment?: Readonly<Record<string, string>>;
  /** Of another instance, to share its database. */
  databaseUrl?: string;
  /** Whether to call `start`; yes unless told. */
  started?: boolean;
}

const ENVIRONMENT = { SIGNING_KEY_SECRET: 'a secret for tests only' };

/** As a process does. */
async function begin(module: ServiceModule): Promise<void> {
  await module.prepare?.();
  await module.start();
}

export async function startAuth({ environment = {}, databaseUrl, started = true }: StartAuthOptions = {}): Promise<RunningAuth> {
  const url = databaseUrl ?? (await createTestDatabase());
  const settings = parseSettings(AUTH_SETTINGS, { ...ENVIRONMENT, ...environment });
  const backends = await openBackends(url);
  const { database, logger, metrics } = backends;
  const localKeys = createLocalKeys();
  const verifier = createTokenVerifier({ keys: localKeys, issuer: settings.JWT_ISSUER, audience: settings.JWT_AUDIENCE, algorithms: settings.JWT_ALGORITHMS });
  try {
    await database.migrate('auth', authModule.migrations);
    const module = createAuthModule({ ...backends, settings, tokens: verifier, localKeys });
    if (started) await begin(module);
    const server = createHttpServer({ routers: [module.router], logger, metrics, port: 0, host: '127.0.0.1' });
    await server.start();
    const origin = `http://127.0.0.1:${server.port}`;
    const close = async (): Promise<void> => {
      await server.close(0);
      await module.close();
      await backends.close();
    };
    const callHere: RunningAuth['call'] = (method, path, options) => call(origin, { method, path, ...options });
    return { url, database, metrics, module, verifier, told: backends.told, call: callHere, close };
  } catch (error) {
    await backends.close();
    throw error;
  }
}

async function openBackends(url: string) {
  const logger = createSilentLogger();
  const metrics = new Registry();
  const database = createDatabase({ url, poolSize: POOL_SIZE, applicationName: 'auth-test', logger });
  const eventLog = await createEventLog('in-process:', { logger, metrics });
  const taskQueue = await createTaskQueue('in-process:', { logger, metrics });
  await eventLog.declare([TOPICS.users]);
  const told: CloudEvent[] = [];
  const listen = onEvent(UserRegistered, (event) => {
    told.push(event);
    return Promise.resolve();
  });
  await consumeEvents({ eventLog, group: 'test', handlers: [listen], logger, metrics });
  const close = async (): Promise<void> => {
    await eventLog.close();
    await taskQueue.close();
    await database.close();
  };
  return { logger, metrics, database, eventLog, taskQueue, told, close };
}

async function call(origin: string, { method, path, body, token }: CallOptions & { method: string; path: string }): Promise<Answer> {
  const response = await fetch(origin + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? undefined : JSON.parse(text)) as AnswerBody };
}
