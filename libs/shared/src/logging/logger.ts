import { hostname } from 'node:os';
import { ecsFormat } from '@elastic/ecs-pino-format';
import { pino, type DestinationStream, type Logger } from 'pino';
import { SERVICE_NAMESPACE } from '../telemetry/service-namespace.ts';
import { SERVICE_VERSION } from '../telemetry/service-version.ts';
import { createLogLevelFamily, type LogLevel, type LogLevelFamily } from './log-level.ts';
import { redactArguments, redactBindings } from './redact-arguments.ts';
import { redact } from './redaction.ts';
import { createStandardOutput, type StandardOutput } from './standard-output.ts';
import { createTimestamp } from './timestamp.ts';
import { traceFields } from './trace-fields.ts';

export type { Logger };

export interface LoggerOptions {
  /** `service.name` of every line. */
  service: string;
  level: LogLevel;
  /** Where lines go: standard output unless told. */
  destination?: DestinationStream;
}

const families = new WeakMap<Logger, LogLevelFamily>();

/**
 * A logger that writes ECS JSON, one object a line, with `service.*` and `trace.id` and `span.id` where a span is active.
 * Lines go to a {@link StandardOutput} unless told otherwise.
 * Call {@link flushLogs} before the process ends; one that is killed takes its last lines with it.
 */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  const family = createLogLevelFamily();
  const ecs = ecsFormat({ apmIntegration: false, serviceName: service, serviceVersion: SERVICE_VERSION });
  const format = ecs.formatters?.log ?? ((fields: object) => fields);
  const options = {
    ...ecs,
    base: { pid: process.pid, hostname: hostname(), 'service.namespace': SERVICE_NAMESPACE },
    level,
    timestamp: createTimestamp(),
    // Of the fields of a line the format changes errors alone; it copies the others.
    formatters: { ...ecs.formatters, log: (fields: Record<string, unknown>) => redact(fields['err'] === undefined ? fields : format(fields)) as Record<string, unknown> },
    hooks: { logMethod: redactArguments },
    mixin: traceFields,
    onChild: (child: Logger) => family.adopt(child),
  };
  const logger = pino(options, destination ?? standardOutput());
  redactBindings(logger);
  families.set(logger, family);
  return logger;
}

/** Changes the level of a logger made by {@link createLogger} and of all its children. */
export function setLogLevel(logger: Logger, level: LogLevel): void {
  logger.level = level;
  families.get(logger)?.set(level);
}

/** A logger that writes nothing, for tests. */
export function createSilentLogger(): Logger {
  return pino({ level: 'silent' });
}

let shared: StandardOutput | undefined;

function standardOutput(): StandardOutput {
  shared ??= createStandardOutput();
  return shared;
}

/** Writes out what the loggers of this process still hold. Synchronous; never throws. */
export function flushLogs(): void {
  shared?.flushSync();
}
