import { logLevel, type logCreator } from 'kafkajs';
import type { Logger } from 'pino';

/**
 * Hands what kafkajs says to our logger, one step quieter: its errors are those of single requests, which are tried again. What a failure ends in, the adapter says.
 * Its debug messages, one for each request, are left out: use with `logLevel.INFO`.
 */
export function clientLogger(logger: Logger): logCreator {
  return () =>
    ({ namespace, level, log: { message, timestamp: _timestamp, logger: _logger, ...details } }) => {
      const line = { kafka: { ...details, namespace } };
      if (level === logLevel.ERROR) logger.warn(line, message);
      else if (level === logLevel.WARN) logger.info(line, message);
      else logger.debug(line, message);
    };
}
