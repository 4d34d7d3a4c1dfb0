import type { Logger } from 'pino';

/** The levels, from the most to the least talkative. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export function isLogLevel(value: unknown): value is LogLevel {
  return (LOG_LEVELS as readonly unknown[]).includes(value);
}

/** A pino child keeps the level it was born with; this remembers children, so that a change of level reaches them. */
export interface LogLevelFamily {
  adopt(child: Logger): void;
  set(level: LogLevel): void;
}

const PRUNE_ABOVE = 64;

export function createLogLevelFamily(): LogLevelFamily {
  let children: WeakRef<Logger>[] = [];
  let pruneAbove = PRUNE_ABOVE;
  return {
    adopt: (child) => {
      children.push(new WeakRef(child));
      if (children.length <= pruneAbove) return;
      children = children.filter((reference) => reference.deref() !== undefined);
      pruneAbove = Math.max(PRUNE_ABOVE, children.length * 2);
    },
    set: (level) => {
      for (const reference of children) {
        const child = reference.deref();
        if (child !== undefined) child.level = level;
      }
    },
  };
}
