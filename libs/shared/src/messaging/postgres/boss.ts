import { createHash } from 'node:crypto';
import { PgBoss, type Db } from 'pg-boss';
import type { Logger } from 'pino';
import type { Database, SqlExecutor } from '../../database/index.ts';

/** The schema pg-boss keeps its tables in. */
export const TASK_QUEUE_SCHEMA = 'task_queue';

/** Statements of one process that are remembered as prepared. */
const PREPARED_REMEMBERED = 500;

/** Opens pg-boss on our pool, without its timers: expiry, retries and removal are the task queue's own, at its own pace. */
export async function openBoss(database: Database, logger: Logger): Promise<PgBoss> {
  const boss = new PgBoss({
    db: asBossDb(database),
    schema: TASK_QUEUE_SCHEMA,
    // Two processes that create it at once fail; our migration makes it under a lock.
    createSchema: false,
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
    flowIntervalSeconds: 3_600,
    bamIntervalSeconds: 3_600,
    queueCacheIntervalSeconds: 3_600,
  });
  boss.on('error', (error) => { logger.warn({ err: error }, 'pg-boss reports an error'); });
  boss.on('warning', (warning) => { logger.warn({ warning }, 'pg-boss warns'); });
  await boss.start();
  return boss;
}

/** What pg-boss runs its SQL on: our pool, or a running transaction. Statements with parameters are prepared. */
export function asBossDb(sql: SqlExecutor): Db {
  return {
    executeSql: async (text, values) => {
      // A statement without parameters keeps the first plan it got when prepared: one made for an empty queue reads all of a full one.
      const prepared = values !== undefined && values.length > 0;
      const rows = await sql.query(prepared ? { name: preparedName(text), text } : text, values);
      return { rows: [...rows] };
    },
  };
}

const names = new Map<string, string>();

function preparedName(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `boss.${createHash('sha1').update(text).digest('base64url')}`;
    if (names.size >= PREPARED_REMEMBERED) names.clear();
    names.set(text, name);
  }
  return name;
}
