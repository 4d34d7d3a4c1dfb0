import type { Logger } from 'pino';
import type { Database } from '../../database/index.ts';

const RETENTION_DAYS = 7;
const TRIM_EVERY_MS = 60_000;
const TRIMMED_AT_ONCE = 2_000;

/** The oldest records of each partition, if every group handled them and their time is over. Without a group nothing is trimmed. */
const TRIM = `
  DELETE FROM event_log.records r USING (
    SELECT oldest.topic, oldest.partition, oldest.position
    FROM (SELECT topic, partition, min(position) AS handled FROM event_log.cursors GROUP BY topic, partition) c
    CROSS JOIN LATERAL (
      SELECT topic, partition, position, published_at FROM event_log.records
      WHERE topic = c.topic AND partition = c.partition AND position <= c.handled ORDER BY position LIMIT ${TRIMMED_AT_ONCE}
    ) oldest
    WHERE oldest.published_at < now() - $1 * interval '1 day'
  ) old
  WHERE r.topic = old.topic AND r.partition = old.partition AND r.position = old.position`;

/** Removes old records now. */
export async function trimEventLog(database: Database, retentionDays = RETENTION_DAYS): Promise<void> {
  await database.query(TRIM, [retentionDays]);
}

/** Removes old records now and then, until stopped. */
export function startEventLogTrimmer({ database, logger }: { database: Database; logger: Logger }): { stop(): void } {
  const timer = setInterval(() => {
    trimEventLog(database).catch((error: unknown) => { logger.debug({ err: error }, 'the event log was not trimmed'); });
  }, TRIM_EVERY_MS);
  timer.unref();
  return { stop: () => { clearInterval(timer); } };
}
