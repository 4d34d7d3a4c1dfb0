import { BREWING_QUEUES, EXCHANGES, TOPICS } from '@doubleshot/contracts';
import { createCache, type Cache } from '@doubleshot/shared/cache';
import { createDatabase, type Database } from '@doubleshot/shared/database';
import { createHttpServer } from '@doubleshot/shared/http';
import { createSilentLogger } from '@doubleshot/shared/logging';
import { createEventLog, createTaskQueue, type EventLog, type TaskQueue } from '@doubleshot/shared/messaging';
import type { ServiceModule } from '@doubleshot/shared/runtime';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { createOrdersModule, ordersModule } from '../index.ts';
import { ORDERS_SETTINGS } from '../settings.ts';
import { KNOWN_TOKENS } from './known-tokens.ts';

/** The module as a process runs it: real PostgreSQL, router over HTTP, in-process log and queue. */
export interface RunningOrders {
  origin: string;
  databaseUrl: string;
  database: Database;
  cache: Cache;
  eventLog: EventLog;
  taskQueue: TaskQueue;
  module: ServiceModule;
  /** Requests that wait for an order now. */
  waits(): Promise<number>;
  close(): Promise<void>;
}

export interface RunningOrdersOptions {
  settings?: Record<string, string>;
  /** Another process on the database of a first one, or a process that comes back. */
  databaseUrl?: string;
  /** The cache of processes that share one; each has its own unless told. */
  cacheUrl?: string;
  /** Nobody works at the stations: orders stay placed. */
  withoutBrewers?: boolean;
  /** Wraps the database, to count statements or to hold them back. */
  wrapDatabase?: (database: Database) => Database;
  /** Wraps the queue, to lose what a broker may lose. */
  wrapTaskQueue?: (taskQueue: TaskQueue) => TaskQueue;
  /** Starts the module in another way than once. */
  start?: (module: ServiceModule) => Promise<void>;
}

const POOL_SIZE = 10;

export async function startOrders(options: RunningOrdersOptions = {}): Promise<RunningOrders> {
  const logger = createSilentLogger();
  const metrics = new Registry();
  const databaseUrl = options.databaseUrl ?? (await createTestDatabase());
  const opened = createDatabase({ url: databaseUrl, poolSize: POOL_SIZE, applicationName: 'test', logger });
  const database = options.wrapDatabase?.(opened) ?? opened;
  await database.migrate('orders', ordersModule.migrations);
  const eventLog = await createEventLog('in-process:', { logger, metrics });
  await eventLog.declare(Object.values(TOPICS));
  const taskQueue = await openTaskQueue(options, { logger, metrics });
  const cache = await createCache(options.cacheUrl ?? 'memory:', { logger, metrics, clientName: `orders-${new URL(databaseUrl).pathname.slice(1)}` });
  const settings = z.object(ORDERS_SETTINGS).parse({ BREW_TIME_SCALE: '0', ...options.settings });
  const module = createOrdersModule({ settings, logger, metrics, database, eventLog, taskQueue, cache, tokens: KNOWN_TOKENS });
  await module.prepare?.();
  await (options.start ?? ((created) => created.start()))(module);
  const server = createHttpServer({ routers: [module.router], logger, metrics, port: 0, host: '127.0.0.1' });
  await server.start();
  async function close(): Promise<void> {
    await module.close();
    await server.close();
    await Promise.all([eventLog.close(), taskQueue.close(), cache.close()]);
    await database.close();
  }
  return { origin: `http://127.0.0.1:${server.port}`, databaseUrl, database, cache, eventLog, taskQueue, module, waits: () => waitsIn(metrics), close };
}

async function waitsIn(metrics: Registry): Promise<number> {
  const gauge = await metrics.getSingleMetric('doubleshot_order_waits')?.get();
  return gauge?.values[0]?.value ?? 0;
}

async function openTaskQueue({ withoutBrewers, wrapTaskQueue }: RunningOrdersOptions, deps: Parameters<typeof createTaskQueue>[1]): Promise<TaskQueue> {
  const opened = await createTaskQueue('in-process:', deps);
  const taskQueue = wrapTaskQueue?.(opened) ?? opened;
  await taskQueue.declare({ exchanges: Object.values(EXCHANGES), queues: BREWING_QUEUES });
  if (withoutBrewers !== true) return taskQueue;
  return { ...taskQueue, consume: () => Promise.resolve({ close: () => Promise.resolve() }) };
}
