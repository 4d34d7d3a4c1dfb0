import type { Logger } from 'pino';
import type { LogLevel } from './log-level.ts';
import { setLogLevel } from './logger.ts';

/** The level that is in force; `until` and `then` where it is one for a while. */
export interface LogLevelState {
  level: LogLevel;
  /** RFC 3339. Missing for a level that stays until it is changed. */
  until?: string;
  /** What it falls back to. */
  then?: LogLevel;
}

/** Changes the level of a process while it runs. */
export interface LogLevelControl {
  state(): LogLevelState;
  /** For good; with `forSeconds` for that long, after which the last level set for good is back. Each change takes the place of the one before. */
  set(level: LogLevel, forSeconds?: number): void;
  /** `debug` until this is called again; ends a level that is on for a while. */
  toggleDebug(): void;
}

/** Longer than that nobody means for a while, and timers cannot count to it. */
export const LONGEST_LOG_LEVEL_SECONDS = 86_400;
const MS_PER_SECOND = 1_000;

/** For a logger made by `createLogger`, at the level it has now. Its timer keeps no process alive. */
export function createLogLevelControl(logger: Logger): LogLevelControl {
  let lasting = logger.level as LogLevel;
  let passing: { level: LogLevel; until?: Date; timer?: NodeJS.Timeout } | undefined;

  function apply(): void {
    const next = state();
    const say = (): void => { logger.info({ logLevel: next }, 'log level changed'); };
    // At the old level or at the new one: once, unless neither says anything.
    const isSaid = logger.isLevelEnabled('info');
    if (isSaid) say();
    setLogLevel(logger, next.level);
    if (!isSaid) say();
  }

  function state(): LogLevelState {
    if (passing === undefined) return { level: lasting };
    return { level: passing.level, ...(passing.until !== undefined && { until: passing.until.toISOString() }), then: lasting };
  }

  function pass(next: typeof passing): void {
    clearTimeout(passing?.timer);
    passing = next;
    apply();
  }

  return {
    state,
    set: (level, forSeconds) => {
      if (forSeconds === undefined) {
        lasting = level;
        pass(undefined);
        return;
      }
      const ms = forSeconds * MS_PER_SECOND;
      pass({ level, until: new Date(Date.now() + ms), timer: setTimeout(() => { pass(undefined); }, ms).unref() });
    },
    toggleDebug: () => { pass(passing === undefined ? { level: 'debug' } : undefined); },
  };
}
