import type { Logger } from 'pino';

/** Logs what a start waits for and why, after each failure; an error that is the same again is not logged as a whole again. */
export function tellWaiting(logger: Logger, what: string): (error: unknown) => void {
  let last: string | undefined;
  return (error) => {
    const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
    logger.warn(reason === last ? {} : { err: error }, `waiting for ${what}: ${reason}`);
    last = reason;
  };
}
