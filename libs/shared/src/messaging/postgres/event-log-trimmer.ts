import type { Logger } from 'pino';
import { deleteInBatches, type Database } from '../../database/index.ts';
import { createPeriodic, type Periodic } from '../../runtime/periodic.ts';

const RETENTION_DAYS = 7;
const TRIM_EVERY_MS = 60_000;

/** The oldest records of each partition, if their time is over and every group has handled them. Where there is no group, time alone decides. */
const TRIM = `
  DELETE FROM event_log.records r USING (
    SELECT oldest.topic, oldest.partition, oldest.position
    FROM (
      SELECT p.topic, p.partition, coalesce(min(c.position), p.last) AS handled
      FROM event_log.partitions p LEFT JOIN event_log.cursors c USING (topic, partition) GROUP BY p.topic, p.partition
    ) p
    CROSS JOIN LATERAL (
      SELECT topic, partition, position, published_at FROM event_log.records
      WHERE topic = p.topic AND partition = p.partition AND position <= p.handled ORDER BY position LIMIT $2
    ) oldest
    WHERE oldest.published_at < now() - $1 * interval '1 day'
  ) old
  WHERE r.topic = old.topic AND r.partition = old.partition AND r.position = old.position
  RETURNING 1`;

/** Removes old records now. */
export async function trimEventLog(database: Database): Promise<void> {
  await deleteInBatches(database, TRIM, [RETENTION_DAYS]);
}

/** Removes old records now and then. Several processes may. */
export function createEventLogTrimmer({ database, logger }: { database: Database; logger: Logger }): Periodic {
  return createPeriodic({
    intervalMs: TRIM_EVERY_MS,
    work: () => trimEventLog(database),
    onError: (error) => { logger.warn({ err: error }, 'old records of the event log could not be deleted'); },
  });
}
