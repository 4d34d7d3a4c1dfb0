import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Environment } from '../config/environment.ts';
import { given } from '../config/read-variable.ts';
import { SettingsError } from '../config/settings-error.ts';
import { createHttpServer, type HttpServer } from '../http/http-server.ts';
import { createLogLevelControl, type LogLevelControl } from '../logging/log-level-control.ts';
import { createLogger } from '../logging/logger.ts';
import { startTelemetry } from '../telemetry/start-telemetry.ts';
import { countSpans } from '../telemetry/telemetry-state.ts';
import { declareMessaging, openBackends, unreachedModules } from './backends.ts';
import { createModules } from './create-modules.ts';
import { startListening } from './listen-error.ts';
import { migrateModules } from './migrate-modules.ts';
import type { ModuleDefinition, ServiceModule } from './module.ts';
import { createOpsRouter } from './ops-router.ts';
import { parkedSources } from './parked-messages.ts';
import { readProcessSettings, selectModules, type ProcessSettings } from './process-settings.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { retryUntilDone } from './retry-until.ts';
import { shutDown, type ShutdownParts } from './shut-down.ts';
import { tellWaiting } from './tell-waiting.ts';

/** With its brokers away a process begins to take requests after this time all the same: what they bring waits in the outbox. */
const START_GRACE_MS = 10_000;

export interface ProcessOptions {
  /** `service.name`, where OTEL_SERVICE_NAME does not say another. */
  name: string;
  /** In the order in which they are created and started; they are closed in the opposite order. */
  modules: readonly ModuleDefinition[];
}

export interface RunningProcess {
  readonly httpPort: number;
  readonly opsPort: number;
  readonly logger: Logger;
  readonly logLevel: LogLevelControl;
  /** Ends in order, within SHUTDOWN_TIMEOUT_MS. Resolves to whether it was in time. Idempotent. */
  close(): Promise<boolean>;
}

/**
 * Builds and starts a process. Resolves when it listens; consumers may still be starting, which `/readyz` tells.
 * Rejects with `SettingsError`, `ListenError`, or what a migration or a module says. `signal` ends the wait for a database that is away.
 */
export async function startProcess(options: ProcessOptions, environment: Environment, signal: AbortSignal): Promise<RunningProcess> {
  const modules = selectModules(options.modules, environment);
  const settings = readProcessSettings(modules, environment);
  const name = given(environment['OTEL_SERVICE_NAME']) ?? options.name;
  const logger = createLogger({ service: name, level: settings.common.LOG_LEVEL });
  const logLevel = createLogLevelControl(logger);
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  countSpans(metrics);
  const stopped = new AbortController();
  const parts: Assembly = { readiness: createReadiness('starting'), logger, metrics, backends: {}, modules: [], stop: () => stopped.abort() };
  const stopping = AbortSignal.any([signal, stopped.signal]);
  let closing: Promise<boolean> | undefined;
  const close = (): Promise<boolean> => (closing ??= shutDown(parts, settings.common.SHUTDOWN_TIMEOUT_MS));
  try {
    const { http, ops } = await assemble(parts, { name, modules, settings, logLevel, signal: stopping });
    void startModules(parts, stopping);
    return { httpPort: http.port, opsPort: ops.port, logger, logLevel, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Assembly extends ShutdownParts {
  metrics: Registry;
}

interface AssembleOptions {
  name: string;
  modules: readonly ModuleDefinition[];
  settings: ProcessSettings;
  logLevel: LogLevelControl;
  signal: AbortSignal;
}

async function assemble(parts: Assembly, { name, modules, settings, logLevel, signal }: AssembleOptions): Promise<{ http: HttpServer; ops: HttpServer }> {
  const { readiness, logger, metrics } = parts;
  const { HOST: host, PORT, OPS_PORT } = settings.common;
  const opsRouter = createOpsRouter({ readiness, metrics, logLevel, parkedSources: () => parkedSources(parts.backends, parts.modules) });
  const ops = createHttpServer({ routers: [opsRouter], logger, host, port: OPS_PORT });
  await startListening(ops, { host, port: OPS_PORT, variable: 'OPS_PORT' });
  parts.ops = ops;
  const prepare = async (): Promise<void> => {
    const needs = new Set(modules.flatMap((module) => module.needs));
    parts.backends = await openBackends({ name, needs, settings: settings.common, logger, metrics });
    warnOfUnreached(parts, modules);
    const { database } = parts.backends;
    if (database !== undefined) await migrateModules({ database, modules, logger, signal });
  };
  // The SDK is read from disk while the database answers.
  await Promise.all([prepare(), startTelemetry({ serviceName: name })]);
  parts.modules = createModules({ modules, settings, backends: parts.backends, logger, metrics });
  for (const module of parts.modules) readiness.add(module.name, () => module.ready());
  const http = createHttpServer({ routers: routersOf(parts.modules), logger, metrics, host, port: PORT });
  await startListening(http, { host, port: PORT, variable: 'PORT' });
  parts.http = http;
  logger.info({ ports: { http: http.port, ops: ops.port }, modules: modules.map((module) => module.name) }, 'listening');
  return { http, ops };
}

// The gateway is the only way in: what it does not route is not reached from outside, in whichever process it is.
function routersOf(modules: readonly ServiceModule[]): ServiceModule['router'][] {
  const gateway = modules.find(({ name }) => name === 'gateway');
  return gateway === undefined ? modules.map(({ router }) => router) : [gateway.router];
}

function warnOfUnreached({ backends, logger }: Assembly, modules: readonly ModuleDefinition[]): void {
  const unreached = unreachedModules(backends, new Set(modules.map(({ name }) => name)));
  if (unreached.length > 0) logger.warn({ unreached }, 'EVENT_LOG_URL or TASK_QUEUE_URL is in-process: messages do not reach modules of other processes');
}

/** Runs behind the listener, so that requests are taken while a broker is away. Settles when all is started, or the process ends. */
async function startModules({ backends, modules, readiness, logger }: ShutdownParts, signal: AbortSignal): Promise<void> {
  const grace = setTimeout(() => release(readiness, signal), START_GRACE_MS);
  const tell = tellWaiting(logger, 'a backend');
  const onFailure = (error: unknown): void => {
    // A wrong setting that only the backend could tell stays wrong however often it is tried.
    if (error instanceof SettingsError) throw error;
    tell(error);
  };
  try {
    for (const module of modules) await retryUntilDone(() => module.prepare?.() ?? Promise.resolve(), { signal, onFailure });
    await retryUntilDone(() => declareMessaging(backends), { signal, onFailure });
    for (const module of modules) await retryUntilDone(() => module.start(), { signal, onFailure });
    release(readiness, signal);
    logger.info({}, 'started');
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearTimeout(grace);
  }
}

function release(readiness: Readiness, signal: AbortSignal): void {
  if (!signal.aborted) readiness.hold(undefined);
}

