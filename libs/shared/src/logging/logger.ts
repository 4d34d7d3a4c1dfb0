import { hostname } from 'node:os';
import { ecsFormat } from '@elastic/ecs-pino-format';
import { pino, type DestinationStream, type Logger } from 'pino';
import { SERVICE_NAMESPACE } from '../telemetry/service-namespace.ts';
import { SERVICE_VERSION } from '../telemetry/service-version.ts';
import { createLogLevelFamily, type LogLevel, type LogLevelFamily } from './log-level.ts';
import { redact } from './redaction.ts';
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
 * Standard output is written asynchronously, many lines at a time: a slow reader never blocks the process, and a line is out after {@link FLUSH_MS} at the latest.
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
    formatters: { ...ecs.formatters, log: (fields: Record<string, unknown>) => redact(format(fields)) as Record<string, unknown> },
    mixin: traceFields,
    onChild: (child: Logger) => family.adopt(child),
  };
  const logger = pino(options, destination ?? standardOutput());
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

type StandardOutput = ReturnType<typeof pino.destination>;
let shared: StandardOutput | undefined;

/** Handing one line to the kernel takes longer than making it. */
const FLUSH_BYTES = 8_192;
const FLUSH_MS = 100;

function standardOutput(): StandardOutput {
  shared ??= pino.destination({ dest: 1, sync: false, minLength: FLUSH_BYTES, periodicFlush: FLUSH_MS });
  return shared;
}

/** Writes out what the loggers of this process still hold. Synchronous; never throws. */
export function flushLogs(): void {
  try {
    shared?.flushSync();
  } catch {
    // Before standard output is open, or after its reader is gone, there is nobody to write to.
  }
}
