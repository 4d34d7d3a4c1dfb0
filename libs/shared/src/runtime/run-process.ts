import { readEnvironment } from '../config/environment.ts';
import { SettingsError } from '../config/settings-error.ts';
import { createLogger, flushLogs, type Logger } from '../logging/logger.ts';
import { ListenError } from './listen-error.ts';
import { migrateOnly } from './migrate-modules.ts';
import { startProcess, type ProcessOptions, type RunningProcess } from './start-process.ts';

const EXIT_FAULT = 1;
const EXIT_CONFIGURATION = 2;
const SIGNAL_EXITS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * The whole life of a process: reads the environment, starts, runs until SIGTERM or SIGINT, ends in order, exits with 0.
 * With `MIGRATE=only` it migrates its database, and that is all.
 * Exits with 2 when the configuration is wrong and with 1 for every other fault, after a clear sentence on standard error for each.
 * A second signal ends it at once. SIGUSR2 sets the log level to debug, and back the next time.
 */
export async function runProcess(options: ProcessOptions): Promise<void> {
  const environment = readEnvironment();
  const abort = new AbortController();
  let running: RunningProcess | undefined;
  const end = async (signal: keyof typeof SIGNAL_EXITS): Promise<void> => {
    if (abort.signal.aborted) return exit(SIGNAL_EXITS[signal]);
    running?.logger.info({ signal }, 'shutting down');
    abort.abort();
    // While it starts, the rejection of startProcess ends the process.
    if (running !== undefined) exit((await running.close()) ? 0 : EXIT_FAULT);
  };
  process.on('SIGTERM', (signal) => void end(signal as 'SIGTERM'));
  process.on('SIGINT', (signal) => void end(signal as 'SIGINT'));
  process.on('SIGUSR2', () => running?.logLevel.toggleDebug());
  endOnFaults(options.name, () => running?.logger ?? createLogger({ service: options.name, level: 'fatal' }));
  try {
    if (await migrateOnly(options, environment, abort.signal)) exit(0);
    running = await startProcess(options, environment, abort.signal);
    if (abort.signal.aborted) exit((await running.close()) ? 0 : EXIT_FAULT);
  } catch (error) {
    if (abort.signal.aborted) exit(0);
    explain(options.name, error);
    exit(error instanceof SettingsError ? EXIT_CONFIGURATION : EXIT_FAULT);
  }
}

// After a fault nobody caught the state of the process is unknown: the outbox and the inbox hold what matters.
function endOnFaults(name: string, logger: () => Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      if (error instanceof SettingsError) {
        explain(name, error);
        exit(EXIT_CONFIGURATION);
      }
      logger().fatal({ err: error }, event);
      exit(EXIT_FAULT);
    });
  }
}

function explain(name: string, error: unknown): void {
  const expected = error instanceof SettingsError || error instanceof ListenError;
  if (!expected) createLogger({ service: name, level: 'fatal' }).fatal({ err: error }, 'cannot start');
  const message = error instanceof Error ? error.message : String(error);
  const sentences = expected ? message.split('\n') : [`cannot start: ${message}`];
  process.stderr.write(sentences.map((sentence) => `${name}: ${sentence}\n`).join(''));
}

function exit(code: number): never {
  flushLogs();
  process.exit(code);
}
