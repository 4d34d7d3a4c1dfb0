import { BREWING_QUEUES, EXCHANGES, NOTIFICATION_QUEUES, TOPICS, type ModuleName } from '@doubleshot/contracts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Cache } from '../cache/cache.ts';
import type { Database } from '../database/database.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { EventLog } from '../messaging/event-log.ts';
import type { TaskQueue } from '../messaging/task-queue.ts';
import type { CommonSettings } from './common-settings.ts';
import type { Need } from './module.ts';

/** The backends of a process: only those that one of its modules needs. */
export interface Backends {
  database?: Database;
  eventLog?: EventLog;
  taskQueue?: TaskQueue;
  cache?: Cache;
  mailer?: Mailer;
}

export interface OpenOptions {
  name: string;
  needs: ReadonlySet<Need>;
  settings: CommonSettings;
  logger: Logger;
  metrics: Registry;
}

/** Opens the backends that are needed. Drivers are loaded only for those. None has to be there yet. */
export async function openBackends({ name, needs, settings, logger, metrics }: OpenOptions): Promise<Backends> {
  const backends: Backends = {};
  if (needs.has('database')) {
    const { createDatabase } = await import('../database/index.ts');
    backends.database = createDatabase({ url: settings.DATABASE_URL ?? '', poolSize: settings.DATABASE_POOL_SIZE ?? 1, applicationName: name, logger, metrics });
  }
  if (needs.has('eventLog') || needs.has('taskQueue')) {
    const { createEventLog, createTaskQueue } = await import('../messaging/index.ts');
    const { database } = backends;
    const deps = { logger, metrics, clientName: name, tracing: settings.TRACE_MESSAGING ?? 'parent-child', ...(database === undefined ? {} : { database }) };
    if (needs.has('eventLog')) backends.eventLog = await createEventLog(settings.EVENT_LOG_URL ?? '', deps);
    if (needs.has('taskQueue')) backends.taskQueue = await createTaskQueue(settings.TASK_QUEUE_URL ?? '', deps);
  }
  if (needs.has('cache')) {
    const { createCache } = await import('../cache/index.ts');
    backends.cache = await createCache(settings.CACHE_URL ?? '', { logger, metrics, clientName: name });
  }
  if (needs.has('mailer')) {
    const { createMailer } = await import('../mail/index.ts');
    backends.mailer = createMailer(settings.SMTP_URL ?? '', { from: settings.MAIL_FROM ?? '' });
  }
  return backends;
}

/** Creates topics, exchanges and queues that are missing. */
export async function declareMessaging({ eventLog, taskQueue }: Backends): Promise<void> {
  await Promise.all([
    eventLog?.declare(Object.values(TOPICS).map(({ name, partitions }) => ({ name, partitions }))),
    taskQueue?.declare({ exchanges: Object.values(EXCHANGES), queues: [...BREWING_QUEUES, ...NOTIFICATION_QUEUES] }),
  ]);
}

/** Names what messages would be lost for want of a reader: an in-process adapter reaches only modules of its own process. */
export function unreachedModules({ eventLog, taskQueue }: Backends, inProcess: ReadonlySet<ModuleName>): readonly ModuleName[] {
  const alone = [eventLog, taskQueue].some((adapter) => adapter?.features.multiProcess === false);
  return alone ? (['auth', 'orders', 'notifications'] as const).filter((module) => !inProcess.has(module)) : [];
}

/** Closes what is open, messaging first: handlers may still need the database. */
export async function closeBackends({ eventLog, taskQueue, mailer, cache, database }: Backends): Promise<void> {
  await Promise.all([eventLog?.close(), taskQueue?.close()]);
  await Promise.all([mailer?.close(), cache?.close()]);
  await database?.close();
}
